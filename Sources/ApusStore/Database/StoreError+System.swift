import ApusIO
import Glibc

extension StoreError {
  /// Says what an errno means for a file of the state.
  init(_ code: CInt, _ operation: String, _ path: String) {
    let meaning = SystemError.text(of: code)
    let what = "could not \(operation) \(path)"
    self =
      switch code {
      case ENOSPC, EDQUOT, EFBIG: StoreError(.diskFull, what, meaning: meaning, advice: Self.diskFullAdvice)
      case EROFS:
        StoreError(.readOnly, what, meaning: meaning, advice: "Mount it writable, or choose another folder with --data")
      case EACCES, EPERM:
        StoreError(.noAccess, what, meaning: meaning, advice: "Give the file and its folders to the user who runs this")
      case ENOENT, ENOTDIR:
        StoreError(.noAccess, what, meaning: meaning, advice: "Make the folder, or correct the path")
      case ELOOP:
        StoreError(.noAccess, what, meaning: "it is a symbolic link", advice: "Put the file itself there")
      case EISDIR:
        StoreError(.noAccess, what, meaning: "it is a folder", advice: "Move it away, or correct the path")
      case EEXIST: StoreError(.exists, what, meaning: meaning, advice: "Remove it first, or choose another name")
      case ENOMEM: StoreError(.outOfMemory, what, meaning: meaning, advice: "Free memory and try again")
      default: StoreError(.inputOutput, what, meaning: meaning, advice: "Look at the kernel's log (dmesg) for the disk")
      }
  }

  static let diskFullAdvice = "Nothing was changed: free space, or raise the quota, and try again"
}

extension SystemError {
  fileprivate static func text(of code: CInt) -> String {
    withUnsafeTemporaryAllocation(of: CChar.self, capacity: 128) { buffer in
      guard let base = buffer.baseAddress, strerror_r(code, base, buffer.count) == 0 else { return "error \(code)" }
      return String(cString: base)
    }
  }
}
