package import ApusAccounts
import ApusIO
import CMongo
import Glibc
import Instruments
import Synchronization

/// A MongoDB server of the test's own: a replica set of one, with a user, on 127.0.0.1.
package final class Mongod: Sendable {
  package struct Failure: Error, CustomStringConvertible {
    package var description: String
  }

  package let port: Int
  /// Who signed the server's certificate, and somebody who did not; nil without TLS.
  package let authorities: (own: String, other: String)?
  private let folder: ScratchFolder
  private let process = Mutex<pid_t>(0)
  private static let databases = Atomic<Int>(0)

  /// Where scripts/test-systems puts the server.
  package static let path: String? = {
    let home = getenv("HOME").map { String(cString: $0) } ?? "/tmp"
    let cache = getenv("XDG_CACHE_HOME").map { String(cString: $0) } ?? home + "/.cache"
    let path = "\(cache)/apus/mongod/mongod"
    return access(path, X_OK) == 0 && apus_mongo_is_there() == 1 ? path : nil
  }()

  /// One for all tests that do not stop it; ended with this program.
  package static let shared: Mongod? = {
    guard path != nil, let server = try? Mongod() else { return nil }
    sharedProcess.store(Int(server.process.withLock { $0 }), ordering: .relaxed)
    // The group: `timeout` and the server.
    atexit { kill(-pid_t(Mongod.sharedProcess.load(ordering: .relaxed)), SIGKILL) }
    return server
  }()
  private static let sharedProcess = Atomic<Int>(0)

  /// With TLS it takes no connection without, and its certificate is for 127.0.0.1 alone.
  package init(withTLS: Bool = false) throws {
    folder = try ScratchFolder()
    authorities = withTLS ? ("\(folder.path)/own.pem", "\(folder.path)/other.pem") : nil
    port = Int.random(in: 20_000..<31_000)
    _ = try Oracle.run(
      "mkdir '\(folder.path)/db' && openssl rand -base64 96 > '\(folder.path)/key' && chmod 600 '\(folder.path)/key'")
    if withTLS { try makeCertificates() }
    try start()
    let host = "127.0.0.1:\(port)"
    let direct = "mongodb://\(host)/?directConnection=true\(trust)"
    let members: BSON = .array([["_id": .int32(0), "host": .string(host)]])
    try Mongod.run(direct, ["replSetInitiate": ["_id": "rs0", "members": members]])
    // Becomes primary by itself; the driver waits for that.
    try Mongod.run(
      "mongodb://\(host)/?replicaSet=rs0\(trust)",
      [
        "createUser": "apus", "pwd": "not secret: 100% @ home/", "roles": .array(["root"]),
      ])
  }

  deinit { stop() }

  /// The part of a URI that says whom to trust.
  private var trust: String { authorities.map { "&tls=true&tlsCAFile=\($0.own)" } ?? "" }

  private func makeCertificates() throws {
    let key = "-newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes"
    let authority = "-x509 -days 2 -addext basicConstraints=critical,CA:TRUE -addext keyUsage=keyCertSign"
    let script = """
      set -e; cd '\(folder.path)'
      for name in own other; do
        openssl req \(key) \(authority) -subj "/CN=$name" -keyout $name.key -out $name.pem
      done
      openssl req -new \(key) -subj /CN=database -keyout server.key -out server.csr
      printf 'subjectAltName=IP:127.0.0.1\nextendedKeyUsage=serverAuth,clientAuth\n' >extensions
      openssl x509 -req -in server.csr -CA own.pem -CAkey own.key -CAcreateserial -days 2 -extfile extensions \\
        -out server.crt
      cat server.key server.crt >server.pem
      """
    _ = try Oracle.run("sh", input: Array(script.utf8))
  }

  package func start() throws {
    guard let path = Mongod.path else { throw Failure(description: "mongod is not here") }
    let words = [
      // Whatever becomes of us, it ends; long after the longest run, whose last suites need it, too.
      "timeout", "-s", "KILL", "7200", path, "--bind_ip", "127.0.0.1", "--port", "\(port)", "--dbpath",
      "\(folder.path)/db",
      "--replSet", "rs0", "--keyFile", "\(folder.path)/key", "--nounixsocket", "--quiet", "--logpath",
      "\(folder.path)/log", "--logappend", "--setParameter", "ttlMonitorSleepSecs=1", "--wiredTigerCacheSizeGB", "0.25",
    ]
    let secured =
      authorities.map {
        [
          "--tlsMode", "requireTLS", "--tlsCertificateKeyFile", "\(folder.path)/server.pem", "--tlsCAFile", $0.own,
          "--tlsAllowConnectionsWithoutCertificates",
        ]
      } ?? []
    var arguments: [UnsafeMutablePointer<CChar>?] = (words + secured).map { strdup($0) }
    arguments.append(nil)
    defer { for argument in arguments { free(argument) } }
    var pid: pid_t = 0
    // Whoever reads what this program prints must not wait for the server's end.
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    for descriptor in [0, 1, 2] as [CInt] {
      posix_spawn_file_actions_addopen(&actions, descriptor, "/dev/null", O_RDWR, 0)
    }
    guard posix_spawn(&pid, "/usr/bin/timeout", &actions, nil, arguments, environ) == 0 else {
      throw Failure(description: "mongod did not start")
    }
    process.withLock { $0 = pid }
  }

  /// As a power cut would: `timeout` and the server at once.
  package func stop() {
    let pid = process.withLock { pid in
      defer { pid = 0 }
      return pid
    }
    guard pid > 0 else { return }
    // `timeout` makes a group of its own, so this is the two of them.
    kill(-pid, SIGKILL)
    var status: CInt = 0
    waitpid(pid, &status, 0)
  }

  /// A database of its own, with SCRAM.
  package func uri() -> String { uri("127.0.0.1", "replicaSet=rs0\(trust)") }

  /// The same under another name or with other options.
  package func uri(
    _ host: String, _ options: String, password: String = "not%20secret%3A%20100%25%20%40%20home%2F"
  ) -> String {
    let number = Mongod.databases.add(1, ordering: .relaxed).newValue
    return "mongodb://apus:\(password)@\(host):\(port)/test\(getpid())_\(number)?authSource=admin&\(options)"
  }

  /// Runs a command in `admin`, as often as it takes until a server that starts has started.
  @discardableResult
  package static func run(_ uri: String, database: String = "admin", _ command: BSON) throws -> BSON {
    var failure = apus_mongo_failure()
    guard let mongo = apus_mongo_open(uri, &failure) else { throw Failure(description: "bad URI") }
    defer { apus_mongo_close(mongo) }
    let bytes = command.bytes
    for _ in 0..<60 {
      var reply: UnsafeMutablePointer<UInt8>?
      var size = 0
      if apus_mongo_run(mongo, database, APUS_MONGO_READ, bytes, bytes.count, &reply, &size, &failure) == 1, let reply {
        defer { apus_mongo_free(reply) }
        return BSON(bytes: Array(UnsafeBufferPointer(start: reply, count: size))) ?? .null
      }
      // Each waits up to two seconds for a server by itself.
      guard failure.trouble == APUS_MONGO_SILENT || failure.code == 10_107 else { break }
    }
    throw Failure(
      description: withUnsafeBytes(of: failure.message) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) })
  }
}
