import ApusIO
import ApusLauncher
import Glibc
import Instruments
import Testing

@Suite(.enabled(if: isRoot, "namespaces and users of one's own need root")) struct `What an isolated program may do` {
  private func see(
    _ verbs: [String], _ change: @escaping @Sendable (inout ChildProcess.Plan) -> Void = { _ in }
  ) async throws -> String {
    try await withFixture { folder in
      try await onLoop { loop in try await seen(folder, verbs, on: loop, change) }
    }
  }

  @Test func `is what a user without rights may`() async throws {
    let output = try await see(["ids", "show", "/proc/self/status"])
    #expect(output.hasPrefix("12345 12346\n"))
    let lines = output.split(separator: "\n").map { $0.split { $0 == "\t" || $0 == " " } }
    for (key, value) in [
      ("CapInh:", "0000000000000000"), ("CapPrm:", "0000000000000000"), ("CapEff:", "0000000000000000"),
      ("CapBnd:", "0000000000000000"), ("CapAmb:", "0000000000000000"), ("NoNewPrivs:", "1"), ("Seccomp:", "2"),
    ] {
      #expect(lines.first { $0.first.map { $0 == key } ?? false }?.last.map(String.init) == value, "\(key)")
    }
  }

  @Test func `is no call that touches the machine or looks into others`() async throws {
    var results: [String: String] = [:]
    for line in try await see(["refused"]).split(separator: "\n") {
      let words = line.split(separator: " ").map(String.init)
      if words.count == 2 { results[words[0]] = words[1] }
    }
    let absent: Set<String> = ["clone3", "userfaultfd", "io_uring_setup"]
    let others = ["vsock": "EAFNOSUPPORT", "packet": "EAFNOSUPPORT", "netlink-audit": "EPROTONOSUPPORT"]
    let allowed: Set<String> = ["netlink-route", "personality-read"]
    let byPath = ["mknod": "EACCES", "execute": "ENOENT"]
    #expect(results.count == 34)
    for (name, result) in results.sorted(by: { $0.key < $1.key }) {
      let expected = absent.contains(name) ? "ENOSYS" : others[name] ?? (allowed.contains(name) ? "ok" : "EPERM")
      #expect(result == byPath[name] ?? expected, "\(name)")
    }
  }

  @Test func `is to speak to itself over the network, and to nobody else`() async throws {
    let listener = socket(AF_INET, CInt(SOCK_STREAM.rawValue), 0)
    defer { close(listener) }
    let port = try bindLocally(listener)
    #expect(try await see(["loop-back", "dial", "\(port)"]) == "ok\nECONNREFUSED\n")
    // The same with the machine's network, so that the listener is known to answer.
    #expect(try await see(["dial", "\(port)"]) { $0.isolation?.layers.remove(.network) } == "ok\n")
  }

  @Test func `is the same in a network that was made ahead`() async throws {
    let network = try Isolation.makeNetwork()
    let descriptor = network.raw
    let output = try await see(["loop-back", "list", "/sys", "refused"]) { $0.isolation?.network = descriptor }
    #expect(output.hasPrefix("ok\nENOENT\nmount EPERM\n"), "\(output)")
    let listener = socket(AF_INET, CInt(SOCK_STREAM.rawValue), 0)
    defer { close(listener) }
    let port = try bindLocally(listener)
    #expect(try await see(["dial", "\(port)"]) { $0.isolation?.network = descriptor } == "ECONNREFUSED\n")
    _ = consume network
  }

  private func bindLocally(_ listener: CInt) throws -> UInt16 {
    for port in UInt16(21_000)..<21_100 {
      var address = sockaddr_in()
      address.sin_family = sa_family_t(AF_INET)
      address.sin_addr.s_addr = in_addr_t(0x7F00_0001).bigEndian
      address.sin_port = port.bigEndian
      let result = withUnsafePointer(to: &address) { pointer in
        pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
          bind(listener, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
        }
      }
      if result == 0, listen(listener, 8) == 0 { return port }
    }
    throw SystemError(errno, "find a port")
  }

  @Test func `is to answer on a socket that was handed over`() async throws {
    let listener = socket(AF_INET, CInt(SOCK_STREAM.rawValue), 0)
    defer { close(listener) }
    let port = try bindLocally(listener)
    try await withFixture { folder in
      try await onLoop { loop in
        var plan = look(folder, ["answer"])
        plan.descriptors[3] = listener
        let child = try ChildProcess.spawn(plan)
        let stream = try await Stream.connect(to: .loopback(port: port), on: loop)
        defer { stream.close() }
        #expect(try await stream.readToEnd() == "hello")
        #expect(try await child.wait(on: loop).isSuccess)
      }
    }
  }

  @Test func `is to run no file that it wrote`() async throws {
    try await withFixture { folder in
      try await withFolder { volume in
        chmod(volume, 0o777)
        try copy(product("isolation-fixture"), to: "\(volume)/look")
        try await onLoop { loop in
          var plan = look(folder, [])
          plan.isolation?.root.shares.append(.volume(volume, at: "/data"))
          plan.path = "/data/look"
          for layers in [Set(Isolation.Layer.allCases), [.mounts, .processes], [.paths, .privileges]] {
            plan.isolation?.layers = layers.subtracting([.users, .resources])
            if !layers.contains(.mounts) { plan.path = "\(volume)/look" }
            let error = #expect(throws: SystemError.self) { _ = try ChildProcess.spawn(plan) }
            #expect(error?.code == EACCES, "\(layers)")
          }
        }
      }
    }
  }
}
