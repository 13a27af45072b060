import ApusIO
import Glibc
import Instruments
import Testing

@Suite struct `A listener` {
  private static let hasVersion6: Bool = {
    do {
      _ = try listenOnLoopback { .ipv6(0, UInt64(1).bigEndian, zone: 0, port: $0) }
      return true
    } catch {
      return false
    }
  }()

  /// One connection to `listener`, a word each way.
  private static func greet(_ listener: Listener, on loop: Loop) async throws -> (
    client: SocketAddress?, server: SocketAddress?
  ) {
    async let accepted = listener.accept()
    let client = try await Stream.connect(to: listener.address, on: loop, deadline: .now() + .seconds(10))
    let server = try #require(try await accepted)
    try await client.writeText("ping")
    #expect(try await server.readText() == "ping")
    try await server.writeText("pong")
    #expect(try await client.readText() == "pong")
    let peers = (client.peer, server.peer)
    client.close()
    server.close()
    return peers
  }

  @Test func `accepts over version 4`() async throws {
    try await onLoop { loop in
      let listener = try Listener(try listenOnLoopback(), on: loop)
      let peers = try await Self.greet(listener, on: loop)
      #expect(peers.client == listener.address)
      #expect(peers.server?.host == "127.0.0.1")
      #expect(peers.server?.port != listener.address.port)
      listener.close()
    }
  }

  @Test(.enabled(if: hasVersion6, "this machine has no IPv6")) func `accepts over version 6`() async throws {
    try await onLoop { loop in
      let listener = try Listener(try listenOnLoopback { .ipv6(0, UInt64(1).bigEndian, zone: 0, port: $0) }, on: loop)
      #expect(listener.address.description.hasPrefix("[::1]:"))
      let peers = try await Self.greet(listener, on: loop)
      #expect(peers.server?.host == "::1")
      listener.close()
    }
  }

  @Test func `accepts over a Unix path`() async throws {
    try await withFolder { folder in
      try await onLoop { loop in
        let listener = try Listener(try Listener.bind(.unix("\(folder)/x.sock")), on: loop)
        #expect(listener.address == .unix("\(folder)/x.sock"))
        let peers = try await Self.greet(listener, on: loop)
        #expect(peers.server == nil, "a Unix peer has no address that means anything")
        listener.close()
      }
    }
  }

  @Test func `takes the longest path, and refuses a longer one`() async throws {
    try await withFolder { folder in
      try await onLoop { loop in
        let longest = folder + "/" + String(repeating: "x", count: 107 - folder.utf8.count - 1)
        let listener = try Listener(try Listener.bind(.unix(longest)), on: loop)
        #expect(listener.address == .unix(longest))
        _ = try await Self.greet(listener, on: loop)
        listener.close()
        let tooLong = SocketAddress.unix(longest + "y")
        let bound = #expect(throws: SystemError.self) { _ = try Listener.bind(tooLong) }
        #expect(bound?.code == ENAMETOOLONG)
        #expect(bound?.description.contains("107 bytes") == true)
        // Cut short, it would be the socket above.
        let connected = await #expect(throws: IOError.self) { _ = try await Stream.connect(to: tooLong, on: loop) }
        guard case .system(let error)? = connected else { return }
        #expect(error.code == ENAMETOOLONG)
      }
    }
  }

  @Test(arguments: ["", "a\u{0}b", "\u{0}abstract"])
  func `refuses a path that is none`(path: String) {
    let error = #expect(throws: SystemError.self) { _ = try Listener.bind(.unix(path)) }
    #expect(error?.code == EINVAL)
  }

  @Test func `says who is in the way, and what to do`() async throws {
    try await withFolder { folder in
      let taken = try listenOnLoopback()
      let address = try Listener.localAddress(taken.raw)
      let port = #expect(throws: SystemError.self) { _ = try Listener.bind(address) }
      #expect(
        port?.description
          == "could not listen on \(address): Address already in use. Another program listens there: stop it"
          + " or choose another port")
      let path = "\(folder)/x.sock"
      let unix = try Listener.bind(.unix(path))
      let second = #expect(throws: SystemError.self) { _ = try Listener.bind(.unix(path)) }
      #expect(
        second?.description.hasSuffix("Address already in use. If no other program uses it, remove \(path)") == true)
      _ = (taken.raw, unix.raw)
      let missing = #expect(throws: SystemError.self) { _ = try Listener.bind(.unix("\(folder)/none/x.sock")) }
      #expect(missing?.code == ENOENT)
      let elsewhere = #expect(throws: SystemError.self) { _ = try Listener.bind(.ipv4(0xC000_0201, port: 20_001)) }
      #expect(elsewhere?.description.hasSuffix("No interface of this machine has that address") == true)
    }
  }

  @Test func `shares its port with listeners of other loops`() async throws {
    let first = try listenOnLoopback(sharesPort: true)
    let address = try Listener.localAddress(first.raw)
    let second = try Listener.bind(address, sharesPort: true)
    let descriptors = [first.release(), second.release()]
    let connections = 64
    let accepted = try await withThrowingTaskGroup(of: Int.self) { group in
      for descriptor in descriptors {
        group.addTask {
          try await onLoop { loop in
            let listener = try Listener(Descriptor(owning: descriptor), on: loop)
            var count = 0
            // The last connection says "end" to each listener in turn, until both have got it.
            while let stream = try await listener.accept() {
              let isEnd = try await stream.readText() == "e"
              stream.close()
              if isEnd { break }
              count += 1
            }
            listener.close()
            return count
          }
        }
      }
      group.addTask {
        try await onLoop { loop in
          for _ in 0..<connections { try await Self.say("c", to: address, on: loop) }
          // The kernel chooses by the source port, so that some more find the second listener; then nobody listens.
          do { while true { try await Self.say("e", to: address, on: loop) } } catch is IOError {}
          return 0
        }
      }
      return try await group.reduce(into: []) { $0.append($1) }
    }
    #expect(accepted.reduce(0, +) == connections)
    #expect(accepted.filter { $0 > 0 }.count == 2, "one of 64 sharing fairly gets none once in 2^63 runs")
  }

  private static func say(_ word: String, to address: SocketAddress, on loop: Loop) async throws {
    let stream = try await Stream.connect(to: address, on: loop)
    defer { stream.close() }
    try await stream.writeText(word)
    _ = try await stream.readText()
  }

  @Test func `answers nil once closed, while it waits and after`() async throws {
    try await onLoop { loop in
      let listener = try Listener(try listenOnLoopback(), on: loop)
      async let waiting = listener.accept()
      for _ in 0..<10 { await Task.yield() }
      listener.close()
      #expect(try await waiting == nil)
      #expect(try await listener.accept() == nil)
      listener.close()
    }
  }

  @Test func `takes no connection of another that got its number`() async {
    // In a process of its own, since elsewhere another test could get the number first.
    await #expect(processExitsWith: .success) {
      try await onLoop { loop in
        let first = try listenOnLoopback()
        let number = first.raw
        let closed = try Listener(first, on: loop)
        closed.close()
        let second = try listenOnLoopback()
        try #require(second.raw == number)
        let open = try Listener(second, on: loop)
        let client = try await Stream.connect(to: open.address, on: loop)
        #expect(try await closed.accept() == nil)
        client.close()
        open.close()
      }
    }
  }

  @Test(arguments: [
    ECONNABORTED, EPROTO, EPERM, ENETDOWN, EHOSTDOWN, ENONET, EHOSTUNREACH, ENETUNREACH, ENOPROTOOPT, EINTR,
  ])
  func `passes over what a peer did wrong`(code: CInt) async throws {
    let script = ScriptedCalls(.failTimes(code, 2))
    try await onLoop(system: script) { loop in
      let listener = try Listener(try listenOnLoopback(), on: loop)
      let client = try await Stream.connect(to: listener.address, on: loop)
      let accepted = try #require(try await listener.accept())
      for stream in [client, accepted] { stream.close() }
      listener.close()
    }
    #expect(script.calls.prefix(2) == ["accept 1: \(-code)", "accept 1: \(-code)"])
  }

  @Test func `says that descriptors run out, and goes on when there are some`() async throws {
    try await onLoop(system: ScriptedCalls(.fail(EMFILE))) { loop in
      let listener = try Listener(try listenOnLoopback(), on: loop)
      let client = try await Stream.connect(to: listener.address, on: loop)
      let error = await #expect(throws: SystemError.self) { _ = try await listener.accept() }
      #expect(error?.isShortage == true)
      let accepted = try #require(try await listener.accept())
      for stream in [client, accepted] { stream.close() }
      listener.close()
    }
  }
}
