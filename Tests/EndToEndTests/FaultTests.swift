import ApusIO
import ApusJSON
import ApusLauncher
import Glibc
import Instruments
import Testing

/// What goes wrong around a gateway: it says so, keeps what it has, and goes on.
@Suite(.serialized) struct `A gateway in trouble` {
  // MARK: - The disk

  private static let mayMount: Bool = {
    let user = geteuid() == 0 ? "" : "--user --map-root-user"
    let mount = "unshare \(user) --mount sh -c 'mount -t tmpfs apus-test /tmp'"
    return (try? Shell.run("PATH=$PATH:/usr/sbin:/sbin \(mount) 2>/dev/null").status) == 0
  }()

  @Test(.enabled(if: mayMount, "needs a file system of its own"))
  func `says that its disk is full, makes nothing by half, and goes on when there is room`() throws {
    let gateway = try RunningGateway(on: .disk(megabytes: 64))
    try gateway.deploy("witness", as: "witness", #","labels":{"com.openfaas.scale.zero-duration":"100ms"}"#)
    #expect(try gateway.admin("/system/secrets", #"-d '{"name":"kept","value":"kept"}'"#).status == 202)
    #expect(try gateway.curl("/function/witness", "-d user").status == 200)
    let full = "\(gateway.visibleFolder)/full"
    _ = try Shell.run("cat /dev/zero > '\(full)' 2>/dev/null")

    let words = ["disk", "room", "full"]
    // More than a page that has room left takes.
    let large = String(repeating: "v", count: 60_000)
    let body = #"{"service":"new","image":"witness","envVars":{"LARGE":"\#(large)"}}"#
    let refused: [(String, String)] = [
      ("/system/functions", "-d '\(body)'"),
      ("/system/secrets", #"-d '{"name":"new","value":"\#(large)"}'"#),
      ("/system/artefacts/other", "-X PUT --data-binary @'\(gateway.folder)/witness.tar'"),
    ]
    for (path, arguments) in refused {
      let answer = try gateway.admin(path, arguments)
      #expect(answer.status == 507, "\(path): \(answer.body)")
      #expect(words.contains { answer.body.contains($0) }, "\(path): \(answer.body)")
    }
    #expect(try Shell.run("ls -A '\(gateway.visibleFolder)/artefacts/.incoming'").output == "")
    #expect(gateway.line(with: "replica gone") != "")
    // A start needs no disk, nor do the lines that it prints find room.
    #expect(try gateway.curl("/function/witness", "-d 'shout 2000'").body == "ok")

    _ = try Shell.run("rm '\(full)'")
    let list = try gateway.admin("/system/functions").body
    #expect(list.contains(#""name":"witness""#) && !list.contains(#""name":"new""#))
    #expect(try gateway.admin("/system/secrets").body == #"[{"name":"kept","namespace":"openfaas-fn"}]"#)
    for (path, arguments) in refused {
      #expect([200, 202].contains(try gateway.admin(path, arguments).status), "\(path)")
    }
    #expect(try gateway.curl("/function/new", "-d 'variable LARGE'").body == large)
  }

  @Test func `keeps no more of what a function prints than its bound`() throws {
    let gateway = try RunningGateway()
    try gateway.deploy("witness", as: "witness")
    #expect(try gateway.curl("/function/witness", "-d 'shout 20000'").body == "ok")
    #expect(try gateway.curl("/function/witness", "-d 'shout 1'").body == "ok")
    let size = "du -sb '\(gateway.folder)/logs' | cut -f 1"
    // The gateway may still be at it: a ring that holds three quarters of its bound has gone round.
    let wait = "for i in $(seq 100); do [ $(\(size)) -gt 3000000 ] && break; sleep 0.05; done"
    let bytes = try #require(Int(try Shell.run("\(wait); \(size)").output.filter(\.isNumber)))
    #expect(bytes > 3_000_000 && bytes < 9 << 20, "\(bytes) bytes")
    let last = try gateway.admin("/system/logs?name=witness&tail=1").body
    #expect(try JSON.parse(Array(last.utf8))["text"]?.stringValue?.hasPrefix("aaaa") == true)
    let memory = try Shell.run("ps -o rss= -p \(gateway.pid)").output.filter(\.isNumber)
    #expect(Int(memory) ?? .max < 200_000, "\(memory) KiB")
  }

  // MARK: - A replica

  /// Whoever hears it is not told twice: the second one means at once.
  @Test(arguments: [true, false])
  func `tells a replica to end once more when it has started, if it was deaf until then`(isDeaf: Bool) throws {
    let gateway = try RunningGateway(arguments: ["--no-isolation"])
    let pipes = "cd '\(gateway.folder)' && timeout 20 bash -c"
    _ = try Shell.run("\(pipes) 'mkfifo begun go end'")
    // A namespace's first process is deaf like this from its execve until it has a handler. Its status is 0 if it heard
    // one.
    let script = """
      #!/bin/bash
      cd '\(gateway.folder)'
      count=0
      trap '\(isDeaf ? "" : "count=$((count + 1))")' TERM
      echo >begun
      read <go
      trap 'count=$((count + 1))' TERM
      printf R >&4
      read <end
      exit $((count - 1))
      """
    try gateway.deploy(files: ["handler": script], as: "deaf", "")
    #expect(try Shell.run("\(pipes) 'read <begun'").status == 0, "it has begun")
    #expect(try gateway.admin("/system/functions", #"-X DELETE -d '{"functionName":"deaf"}'"#).status == 202)
    // What replicas use is asked where they are told to end, and after those who were to be told already.
    #expect(try gateway.admin("/system/functions?usage=1").body == "[]")
    #expect(try Shell.run("\(pipes) 'echo >go'").status == 0, "it was told, and starts")
    #expect(gateway.line(with: "replica ready").contains("deaf"))
    #expect(try Shell.run("\(pipes) 'echo >end'").status == 0, "it counts")
    let gone = gateway.line(with: "replica gone")
    #expect(gone.contains("exit status 0"), "\(gone)")
  }

  // MARK: - What it keeps

  @Test(arguments: [
    ("head -c 65536 /dev/urandom > apus.db", "apus.db"),
    ("printf 'not a database, but long enough to look at twice' > apus.db", "apus.db"),
    ("size=$(stat -c %s apus.db); truncate -s $((size / 2)) apus.db", "apus.db"),
    ("rm apus.db; sqlite3 apus.db 'CREATE TABLE other (a)'", "apus.db"),
    ("rm apus.db; mkdir apus.db", "apus.db"),
    ("head -c 31 /dev/urandom > key", "key"),
    ("head -c 32 /dev/urandom > key", "key"),
    ("chmod 644 key", "key"),
  ])
  func `does not start with a state that is not its own, and says what to do`(damage: String, names: String) throws {
    let gateway = try RunningGateway()
    try gateway.deploy("hello", as: "hello")
    #expect(try gateway.admin("/system/secrets", #"-d '{"name":"kept","value":"kept"}'"#).status == 202)
    _ = try gateway.end(SIGTERM)
    let state = "\(gateway.folder)/state"
    let settle = "sqlite3 apus.db 'PRAGMA wal_checkpoint(TRUNCATE)' && rm -f apus.db-*"
    _ = try Shell.run("cp -a '\(state)' '\(state).whole'; cd '\(state)' && \(settle); \(damage)")
    let before = try Shell.run("cd '\(state)' && sha256sum apus.db key 2>&1").output
    let (text, exit) = try gateway.refusal()
    #expect(exit.cause == .status(1), "\(exit): \(text)")
    #expect(text.contains("state/\(names)"), "\(text)")
    #expect(!text.contains("Fatal error") && !text.contains(#""message":"ready""#), "\(text)")
    #expect(try Shell.run("cd '\(state)' && sha256sum apus.db key 2>&1").output == before, "it changed what it refuses")
    // With what was there before it is as it was.
    _ = try Shell.run("rm -rf '\(state)' && mv '\(state).whole' '\(state)'")
    try gateway.start()
    #expect(try gateway.curl("/function/hello", "-d a").body == "Hello, a!")
  }

  @Test func `does not start without the key to its secrets, until somebody says that it is lost`() throws {
    let gateway = try RunningGateway()
    #expect(try gateway.admin("/system/secrets", #"-d '{"name":"lost","value":"first"}'"#).status == 202)
    try gateway.deploy("witness", as: "witness", #","secrets":["lost"]"#)
    #expect(try gateway.curl("/function/witness", "-d 'secret lost'").body == "first")
    _ = try gateway.end(SIGTERM)
    let key = "\(gateway.folder)/state/key"
    _ = try Shell.run("mv '\(key)' '\(key).aside'")
    let (text, exit) = try gateway.refusal()
    #expect(exit.cause == .status(1), "\(exit): \(text)")
    #expect(text.contains("state/key is missing") && text.contains("--new-key"), "\(text)")
    #expect(access(key, F_OK) != 0, "it made no other one")
    // Found again: all is as it was.
    _ = try Shell.run("mv '\(key).aside' '\(key)'")
    try gateway.start()
    #expect(try gateway.curl("/function/witness", "-d 'secret lost'").body == "first")
    _ = try gateway.end(SIGTERM)

    _ = try Shell.run("rm '\(key)'")
    let anew = try RunningGateway(folder: gateway.folder, arguments: ["--new-key"])
    #expect(anew.passedLines.contains { $0.contains("can't be opened") && $0.contains("lost") })
    #expect(try anew.curl("/function/witness").status >= 500)
    #expect(try anew.admin("/system/secrets", #"-X PUT -d '{"name":"lost","value":"second"}'"#).status == 202)
    // At once or after the back-off of the start that failed.
    let call = "curl -sS -m 5 -d 'secret lost' '\(anew.url)/function/witness'"
    let answer = try Shell.run(
      "for i in $(seq 100); do a=$(\(call)); [ \"$a\" = second ] && break; sleep 0.1; done; echo $a")
    #expect(answer.output == "second\n")
    _ = try anew.end(SIGTERM)
    try gateway.start()
    #expect(try gateway.curl("/function/witness", "-d 'secret lost'").body == "second")
  }

  @Test func `needs no key where no secret is stored`() throws {
    let gateway = try RunningGateway()
    _ = try gateway.end(SIGTERM)
    _ = try Shell.run("rm '\(gateway.folder)/state/key'")
    try gateway.start()
    #expect(try gateway.admin("/system/secrets", #"-d '{"name":"new","value":"first"}'"#).status == 202)
  }

  @Test func `leaves its whole state in one file when it is asked to end`() throws {
    let gateway = try RunningGateway()
    try gateway.deploy("hello", as: "hello")
    #expect(try gateway.admin("/system/secrets", #"-d '{"name":"kept","value":"kept"}'"#).status == 202)
    #expect(try gateway.end(SIGTERM)?.isSuccess == true)
    let log = "\(gateway.folder)/state/apus.db-wal"
    #expect(try Shell.run("cat '\(log)' 2>/dev/null | wc -c").output == "0\n")
    _ = try Shell.run("rm -f '\(log)' '\(gateway.folder)/state/apus.db-shm'")
    try gateway.start()
    #expect(try gateway.curl("/function/hello", "-d a").body == "Hello, a!")
    #expect(try gateway.admin("/system/secrets").body.contains("kept"))
  }

  // MARK: - Descriptors

  @Test func `goes on when it has no descriptor left for a while`() throws {
    let gateway = try RunningGateway(on: .descriptors(128))
    try gateway.deploy("witness", as: "witness")
    let early = try Lane(gateway)
    try early.call("witness", "user")
    #expect(early.answer()?.status == 200)
    do {
      // Each is in the midst of a head, so that none counts as idle.
      let crowd = try (0..<300).map { _ in try gateway.connect() }
      for connection in crowd { try connection.send("GET /function/witness HTTP/1.1\r\nHost: a\r\n") }
      let ticks = "cut -d ' ' -f 14,15 /proc/\(gateway.pid)/stat | tr ' ' +"
      let spent = try Shell.run("a=$(($(\(ticks)))); sleep 0.5; b=$(($(\(ticks)))); echo $((b - a))").output
      #expect(Int(spent.filter(\.isNumber)) ?? .max <= 30, "it spins: \(spent) of 50 ticks")
      #expect(kill(gateway.pid, 0) == 0)
      withExtendedLifetime(crowd) {}
    }
    let late = try gateway.curl("/function/witness", "-d user")
    #expect(late.status == 200, "\(late.body)")
    try gateway.deploy("witness", as: "second")
    #expect(try gateway.curl("/function/second", "-d user").status == 200)
  }

  // MARK: - Peers that go away

  @Test func `forgets a client that leaves in the midst of its body`() throws {
    let gateway = try RunningGateway()
    try gateway.deploy("witness", as: "witness")
    #expect(try gateway.curl("/function/witness", "-d user").status == 200)
    let basic = try gateway.basic()
    let heads = [
      "POST /function/witness HTTP/1.1\r\nHost: a\r\nContent-Length: 100000\r\n\r\nhalf",
      "POST /function/witness HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nhalf\r\n",
      "PUT /system/artefacts/half HTTP/1.1\r\nHost: a\r\nAuthorization: \(basic)\r\nContent-Length: 9999\r\n\r\nhalf",
      "POST /system/functions HTTP/1.1\r\nHost: a\r\nAuthorization: \(basic)\r\nContent-Length: 9999\r\n\r\n{",
    ]
    for head in heads {
      for _ in 1...10 { try gateway.connect().send(head) }
    }
    let incoming = "ls -A '\(gateway.folder)/artefacts/.incoming' | wc -l"
    let running = "curl -sS -m 5 '\(gateway.metricsURL)' | grep '^apus_calls_running' | grep -vc ' 0$'"
    let wait = "for i in $(seq 100); do [ $(\(incoming)) = 0 ] && [ $(\(running)) = 0 ] && break; sleep 0.05; done"
    #expect(try Shell.run("\(wait); \(incoming); \(running)").output == "0\n0\n")
    #expect(try gateway.curl("/function/witness", "-d user").status == 200)
    #expect(try gateway.admin("/system/functions").status == 200)
  }

  @Test(arguments: ["length", "chunks"])
  func `tells a caller that the function's answer is not whole`(framing: String) throws {
    let gateway = try RunningGateway()
    try gateway.deploy("lifecycle-fixture", as: "cut", #","envVars":{"FIXTURE":"cut"}"#)
    let (output, status) = try Shell.run("curl -sS -m 20 '\(gateway.url)/function/cut/\(framing)' 2>/dev/null")
    #expect(output == "the first part")
    // CURLE_PARTIAL_FILE, or CURLE_RECV_ERROR.
    #expect([18, 56].contains(status), "curl ends with \(status)")
    #expect(try gateway.curl("/function/cut").body == "whole", "the next call has a new replica")
  }

  @Test func `answers for a function that ends before it has answered`() throws {
    let gateway = try RunningGateway()
    try gateway.deploy("lifecycle-fixture", as: "cut", #","envVars":{"FIXTURE":"cut"}"#)
    #expect(try gateway.curl("/function/cut").body == "whole")
    let answer = try gateway.curl("/function/cut/before")
    #expect(answer.status == 502, "\(answer)")
    #expect(try gateway.curl("/function/cut").body == "whole", "the next call has a new replica")
  }
}
