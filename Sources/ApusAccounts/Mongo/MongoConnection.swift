import ApusIO
import CMongo
import Synchronization

/// Commands to one deployment of MongoDB, over libmongoc's pool.
final class MongoConnection: Sendable {
  /// What a command is to the driver: only a read may go out again by itself, and only a write has a write concern.
  enum Kind {
    case read, write, readAndWrite
  }

  // Safe because libmongoc's pools may be used from any thread (mongoc_client_pool_t(3)), and this is set once.
  nonisolated(unsafe) private let mongo: OpaquePointer
  let database: String
  /// Until when nobody is asked, after nobody answered: calls must not wait for a time-out one after the other.
  private let restsUntil = Mutex(Instant(nanoseconds: 0))
  private static let rest: Duration = .milliseconds(500)

  init(_ uri: String) throws(AccountError) {
    guard apus_mongo_is_there() == 1 else {
      throw AccountError(
        .settings, "accounts-url is mongodb://, and libmongoc-1.0.so.0 is not on this machine",
        advice: "Install it (apt-get install libmongoc-1.0-0), or use sqlite:")
    }
    var failure = apus_mongo_failure()
    guard let mongo = apus_mongo_open(uri, &failure) else {
      if failure.trouble == APUS_MONGO_UNTRUSTED { throw MongoConnection.unchecked }
      throw AccountError(
        .settings, "accounts-url can't be read as a MongoDB URI",
        advice: "Write mongodb://USER:PASSWORD@HOST/DATABASE, percent-encoded")
    }
    self.mongo = mongo
    database = apus_mongo_database(mongo).map { String(cString: $0) } ?? "apus"
  }

  deinit {
    apus_mongo_close(mongo)
  }

  /// The reply; nil if what was to be written is there already under a unique key.
  func run(_ kind: Kind, _ command: KeyValuePairs<String, BSON>) throws(AccountError) -> BSON? {
    guard restsUntil.withLock({ $0 <= .now() }) else { throw MongoConnection.silent }
    let bytes = BSON.members(command).bytes
    var failure = apus_mongo_failure()
    var reply: UnsafeMutablePointer<UInt8>?
    var size = 0
    let isDone = apus_mongo_run(mongo, database, kind.native, bytes, bytes.count, &reply, &size, &failure) == 1
    guard isDone, let reply else {
      if failure.code == MongoConnection.duplicateKey { return nil }
      throw failed(failure)
    }
    defer { apus_mongo_free(reply) }
    guard let document = BSON(bytes: Array(UnsafeBufferPointer(start: reply, count: size))) else {
      throw AccountError(.unavailable, "MongoDB's reply can't be read", advice: "Try again")
    }
    // A command that writes several documents tells of each apart.
    for error in document["writeErrors"]?.array ?? [] {
      let code = error["code"]?.integer ?? 0
      if code == Int64(MongoConnection.duplicateKey) { return nil }
      throw AccountError(.misuse, "MongoDB refused a write with code \(code)", advice: "Its log says why")
    }
    if document["writeConcernError"] != nil {
      throw AccountError(.unavailable, "MongoDB has not stored it on a majority yet", advice: "Try again")
    }
    return document
  }

  private static let duplicateKey: UInt32 = 11_000
  private static let silent = AccountError(
    .unavailable, "MongoDB does not answer", advice: "See that its primary is up, and that accounts-url names it")

  private static let unchecked = AccountError(
    .settings, "accounts-url says that MongoDB's certificate is not to be checked",
    advice: "Take tlsInsecure and tlsAllowInvalid… out of it, and name who signed the certificate by tlsCAFile")

  private func failed(_ failure: apus_mongo_failure) -> AccountError {
    switch failure.trouble {
    case APUS_MONGO_SILENT:
      restsUntil.withLock { $0 = .now() + MongoConnection.rest }
      return MongoConnection.silent
    case APUS_MONGO_UNTRUSTED:
      restsUntil.withLock { $0 = .now() + MongoConnection.rest }
      return AccountError(
        .unavailable, "MongoDB's certificate is not trusted",
        advice: "See that it is for the host that accounts-url names, and that tlsCAFile names who signed it")
    case APUS_MONGO_LOCKED:
      return AccountError(
        .unavailable, "MongoDB lets nobody in by accounts-url (code \(failure.code))",
        advice: "Check its user, password and authSource")
    default:
      guard MongoConnection.passing.contains(failure.code) else {
        return AccountError(.misuse, "MongoDB refused a command with code \(failure.code)", advice: "Its log says why")
      }
      return MongoConnection.silent
    }
  }

  /// The server's codes for what passes: primaries that change, shut down, or lose their network (retryable reads and
  /// writes specification).
  private static let passing: Set<UInt32> = [
    6, 7, 24, 50, 64, 79, 89, 91, 100, 112, 134, 189, 262, 9_001, 10_107, 11_600, 11_602, 13_435, 13_436,
  ]
}

extension MongoConnection.Kind {
  fileprivate var native: apus_mongo_kind {
    switch self {
    case .read: APUS_MONGO_READ
    case .write: APUS_MONGO_WRITE
    case .readAndWrite: APUS_MONGO_READ_WRITE
    }
  }
}
