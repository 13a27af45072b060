import ApusIO
import ApusModel
import ApusStore
import Foundation
import Instruments

/// A folder that goes away with its value, and what tests open in it.
final class ScratchFolder: Sendable {
  let path: String

  init() throws {
    path = FileManager.default.temporaryDirectory.path + "/apus-store-\(UUID().uuidString)"
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
  }

  deinit {
    try? FileManager.default.removeItem(atPath: path)
  }

  func file(_ name: String) -> String { "\(path)/\(name)" }

  func write(_ name: String, _ bytes: [UInt8], mode: Int = 0o600) throws {
    try Data(bytes).write(to: URL(filePath: file(name)))
    try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: file(name))
  }

  func mode(_ name: String) throws -> Int? {
    try FileManager.default.attributesOfItem(atPath: file(name))[.posixPermissions] as? Int
  }

  func database(busyMilliseconds: Int32 = 5_000) throws -> Database {
    try Database(file("apus.db"), busyMilliseconds: busyMilliseconds)
  }

  func secrets(_ database: Database) throws -> SecretStore {
    SecretStore(database, SealedBox(try KeyRing.openOrMake(file("key"))))
  }

  /// What the sqlite3 program, which is not ours, says about our file. A process of its own: to open and close the file
  /// in this one would take away the locks that SQLite holds on it (fcntl(2)).
  func sqlite(_ sql: String, _ name: String = "apus.db") throws -> String {
    let said = try Shell.run("sqlite3 -bail '\(file(name))' \"\(sql)\" 2>&1").output
    return said.last == "\n" ? String(said.dropLast()) : said
  }
}

let noon = WallClock(seconds: 1_800_000_000)

func secret(
  _ name: String, _ value: String, namespace: String = "openfaas-fn"
) throws -> Secret {
  var bytes = Array(value.utf8)
  return try Secret(SecretName(name), namespace: namespace, value: SecureBytes.taking(&bytes))
}

func text(_ secret: borrowing Secret) -> String {
  secret.value.withBytes { String(decoding: $0, as: UTF8.self) }
}

/// What `body` throws; nil if it does not.
func kind(_ body: () throws(StoreError) -> Void) -> StoreError.Kind? {
  do throws(StoreError) {
    try body()
    return nil
  } catch {
    return error.kind
  }
}
