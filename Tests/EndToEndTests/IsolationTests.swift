import ApusIO
import ApusJSON
import Glibc
import Testing

@Suite(.serialized) struct `A replica` {
  private static let isRoot = geteuid() == 0

  private func layers(_ gateway: RunningGateway) throws -> JSON? {
    try JSON.parse(Array(try gateway.admin("/system/info").body.utf8))["isolation"]
  }

  /// Whether this machine lets this user have a layer, as the gateway says; if not, one line tells why.
  private func has(_ layer: String, _ gateway: RunningGateway) throws -> Bool {
    let state = try #require(try layers(gateway)?[layer]?.stringValue)
    if state != "in force" { print("not tested: \(state)") }
    return state == "in force"
  }

  private func ask(_ gateway: RunningGateway, _ question: String, of name: String = "witness") throws -> String {
    let answer = try gateway.curl("/function/\(name)", "-d '\(question)'")
    #expect(answer.status == 200, "\(answer.body)")
    return answer.body
  }

  @Test func `sees its own processes and no others`() throws {
    let gateway = try RunningGateway()
    guard try has("mounts", gateway), try has("processes", gateway) else { return }
    try gateway.deploy("witness", as: "witness")
    let numbers = try ask(gateway, "list /proc").split(separator: " ").compactMap { Int($0) }
    // Itself, and the init of a program that brings shared libraries, as debug builds do.
    #expect(!numbers.isEmpty && numbers.count <= 2 && numbers.allSatisfy { $0 <= 2 }, "\(numbers)")
    #expect(try ask(gateway, "read /proc/\(gateway.pid)/cmdline") == "No such file or directory")
  }

  @Test func `sees no file of the machine's but its own`() throws {
    let gateway = try RunningGateway()
    guard try has("mounts", gateway) else { return }
    let secret = #"-d '{"name":"key","value":"open sesame"}'"#
    #expect(try gateway.admin("/system/secrets", "-X POST \(secret)").status == 202)
    try gateway.deploy("witness", as: "witness", #","secrets":["key"],"readOnlyRootFilesystem":true"#)
    let missing = "No such file or directory"
    for path in ["/etc/passwd", "/etc/shadow", "\(gateway.folder)/auth/basic-auth-password", "/root", "/sys", "/run"] {
      #expect(try ask(gateway, "read \(path)") == missing, "\(path)")
    }
    #expect(try ask(gateway, "list /home/app") == "handler")
    #expect(try ask(gateway, "variable secret_mount_path") == "/var/openfaas/secrets")
    #expect(try ask(gateway, "list /var/openfaas/secrets") == "key")
    #expect(try ask(gateway, "read /var/openfaas/secrets/key") == "open sesame")
    for path in ["/new", "/home/app/new", "/var/openfaas/secrets/new"] {
      let refusal = try ask(gateway, "make \(path)")
      // The mount or Landlock, whichever the kernel asks first.
      #expect(["Read-only file system", "Permission denied"].contains(refusal), "\(path): \(refusal)")
    }
    #expect(try ask(gateway, "make /tmp/new") == "ok")
    #expect(access("/tmp/new", F_OK) != 0)
  }

  @Test func `reaches the gateway's port only if it asks for the machine's network`() throws {
    let gateway = try RunningGateway()
    guard try has("network", gateway) else { return }
    let port = try #require(gateway.url.split(separator: ":").last)
    try gateway.deploy("witness", as: "witness")
    #expect(try ask(gateway, "dial \(port)") == "Connection refused")
    try gateway.deploy("witness", as: "open", #","annotations":{"com.apus.network":"host"}"#)
    #expect(try ask(gateway, "dial \(port)", of: "open") == "ok")
  }

  @Test func `runs as its function's own user, which stays the same`() throws {
    let gateway = try RunningGateway()
    guard try has("identity", gateway) else { return }
    try gateway.deploy("witness", as: "witness")
    try gateway.deploy("witness", as: "other")
    let first = try ask(gateway, "user")
    let second = try ask(gateway, "user", of: "other")
    #expect(first == "200000 200000" && second == "200001 200001", "\(first), \(second)")
    _ = try gateway.end(SIGTERM)
    try gateway.start()
    #expect(try ask(gateway, "user", of: "other") == second)
    #expect(try ask(gateway, "user") == first)
  }

  @Test func `keeps what it writes into a volume, and shares it with those who name it`() throws {
    let gateway = try RunningGateway()
    guard try has("mounts", gateway) else { return }
    let volume = #","annotations":{"com.apus.volume.notes":"/data"}"#
    try gateway.deploy("witness", as: "witness", volume)
    try gateway.deploy("witness", as: "other", volume)
    #expect(try ask(gateway, "make /data/new") == "ok")
    #expect(try ask(gateway, "list /data", of: "other") == "new")
    #expect(try ask(gateway, "make /data/second", of: "other") == "ok")
    let folder = "\(gateway.folder)/volumes/openfaas-fn/notes"
    #expect(try Shell.run("stat -c %a '\(folder)'").output == "2770\n")
    if try has("identity", gateway) {
      let owners = try Shell.run("stat -c '%u %g' '\(folder)/new' '\(folder)/second'").output
      #expect(owners == "200000 200001\n200002 200001\n")
    }
  }

  @Test func `ends where its memory does, and that is said`() throws {
    let gateway = try RunningGateway()
    guard try has("resources", gateway) else { return }
    try gateway.deploy("witness", as: "witness", #","limits":{"memory":"64Mi"}"#)
    #expect(try ask(gateway, "memory 8") == "had it")
    let answer = try gateway.curl("/function/witness", "-d 'memory 512'")
    #expect(answer.status == 502, "\(answer.body)")
    #expect(answer.body.contains("out of memory"), "\(answer.body)")
    #expect(!answer.body.contains("64 MiB"), "how much it may have is not the caller's business")
    let line = gateway.line(with: "replica gone")
    #expect(line.contains("out of memory (limit 64 MiB)"))
    let reference = try #require(Shell.reference(in: answer.body), "\(answer.body)")
    #expect(line.contains(reference))
    #expect(try gateway.admin("/function/witness", "-d 'memory 512'").body.contains("out of memory (limit 64 MiB)"))
    // Whatever one caller does: the next call has a new replica at once, and nobody hears that it does not start.
    for _ in 0..<4 { #expect(try gateway.curl("/function/witness", "-d 'memory 512'").status == 502) }
    #expect(try ask(gateway, "memory 8") == "had it", "the next call has a new one")
    #expect(try gateway.status("witness")["state"]?.stringValue == "ready")
  }

  @Test func `leaves no cgroup behind, nor does a killed gateway for long`() throws {
    let gateway = try RunningGateway()
    guard try has("resources", gateway) else { return }
    try gateway.deploy("witness", as: "witness", #","limits":{"memory":"64Mi"}"#)
    #expect(try ask(gateway, "user").isEmpty == false)
    let find = "find /sys/fs/cgroup -depth -type d -path '*/apus-\(gateway.pid)-*' 2>/dev/null | wc -l"
    #expect(try Shell.run(find).output != "0\n")
    let list = "cat $(find /sys/fs/cgroup -path '*/apus-\(gateway.pid)-*/cgroup.procs') 2>/dev/null | sort -u"
    let processes = try Shell.run(list).output.split(separator: "\n").joined(separator: " ")
    #expect(!processes.isEmpty)
    _ = try gateway.end(SIGKILL)
    // Gone, or waiting for whoever reaps them.
    let living = "ps -o stat= -p '\(processes)' | grep -vc '^Z'"
    #expect(try Shell.run("for i in $(seq 500); do [ $(\(living)) = 0 ] && break; done; \(living)").output == "0\n")
    try gateway.start()
    #expect(try Shell.run(find).output == "0\n")
  }

  @Test func `of an operator who refuses isolation sees everything, and that is said`() throws {
    let gateway = try RunningGateway(arguments: ["--no-isolation"])
    try gateway.deploy("witness", as: "witness")
    #expect(try ask(gateway, "read /proc/\(gateway.pid)/comm") == "apus-gateway\n")
    let states = try #require(try layers(gateway))
    #expect(states["mounts"]?.stringValue == "off: the gateway was started with --no-isolation")
  }

  @Test func `is not started at all by a gateway that must isolate it and can't`() throws {
    let gateway = try RunningGateway()
    let wanted = ["mounts", "processes", "network", "identity", "systemCalls", "paths", "resources"]
    let states = try #require(try layers(gateway))
    let isComplete = wanted.allSatisfy { states[$0]?.stringValue == "in force" }
    if isComplete {
      _ = try RunningGateway(arguments: ["--require-isolation"])
    } else {
      #expect(throws: (any Error).self) { try RunningGateway(arguments: ["--require-isolation"]) }
    }
  }
}
