import CSQLite
import Glibc

extension StoreError {
  /// Says what a result code of SQLite means; `code` is an extended one (https://sqlite.org/rescode.html).
  init(sqlite code: CInt, system: CInt, message: String, _ operation: String, _ path: String) {
    let what = "could not \(operation) \(path)"
    self =
      switch code & 0xff {
      case SQLITE_FULL: StoreError(.diskFull, what, meaning: message, advice: Self.diskFullAdvice)
      case SQLITE_IOERR where [ENOSPC, EDQUOT, EFBIG].contains(system):
        StoreError(.diskFull, what, meaning: "no room to write", advice: Self.diskFullAdvice)
      case _ where code == SQLITE_NOMEM || code == CInt(APUS_SQLITE_IOERR_NOMEM):
        StoreError(.outOfMemory, what, meaning: message, advice: "Free memory and try again")
      case SQLITE_CORRUPT, SQLITE_NOTADB:
        StoreError(.corrupt, what, meaning: "the file is damaged (\(message))", advice: Self.corruptAdvice)
      case SQLITE_BUSY, SQLITE_LOCKED:
        StoreError(
          .locked, what, meaning: "another program keeps the file locked",
          advice: "Close what has it open (fuser \(path)) and try again")
      case SQLITE_READONLY:
        StoreError(
          .readOnly, what, meaning: message,
          advice: "Make the file and its folder writable for the user who runs this")
      case SQLITE_CANTOPEN, SQLITE_PERM, SQLITE_AUTH:
        system == 0
          ? StoreError(
            .noAccess, what, meaning: message, advice: "Give the file and its folders to the user who runs this")
          : StoreError(system, operation, path)
      case SQLITE_IOERR:
        StoreError(
          .inputOutput, what, meaning: "\(message), code \(code)",
          advice: "Look at the kernel's log (dmesg) for the disk")
      case SQLITE_TOOBIG: StoreError(.tooLarge, what, meaning: message, advice: "Store less in one value")
      default:
        StoreError(
          .misuse, what, meaning: "\(message), code \(code)", advice: "This is a defect of the program: report it")
      }
  }

  static let corruptAdvice = "Keep a copy of it, then restore a backup (apus restore)"
}
