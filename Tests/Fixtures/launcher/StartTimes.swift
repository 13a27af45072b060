import ApusIO
import ApusLauncher
import Glibc

/// From spawn to the first byte of an answer on a socket handed over, for one program, with fewer and more layers.
struct StartTimes {
  let folder: String
  let program: String
  let support: IsolationSupport

  private static let rounds = 300

  private typealias Variant = (name: String, layers: Set<Isolation.Layer>?)
  private static let ahead = "all, network and cgroup made ahead"

  private var variants: [Variant] {
    let base: Set<Isolation.Layer> = support.way == .userNamespaces ? [.users] : []
    let rooted = base.union([.mounts, .processes])
    let unshared = rooted.union([.ipc, .hostName])
    let rights = unshared.union([.identity, .capabilities, .privileges])
    return [
      ("none", nil), ("own root and processes", rooted), ("+ ipc, host name", unshared),
      ("+ user, capabilities", rights), ("+ system calls", rights.union([.systemCalls])),
      ("+ paths", rights.union([.systemCalls, .paths])),
      ("+ network", rights.union([.systemCalls, .paths, .network])), ("+ cgroup", Set(Isolation.Layer.allCases)),
      (StartTimes.ahead, Set(Isolation.Layer.allCases)),
    ]
  }

  /// The program in every layer with what can be had ahead, the same without, and `peer` without: `rounds` starts of
  /// each, in turn. A line for each with its name, p50, p99, and p50 of the time in spawn, in milliseconds.
  func compare(with peer: String, rounds: Int) throws {
    let tree = try prepare()
    defer { tree?.remove() }
    let all = Set(Isolation.Layer.allCases)
    let variants: [(name: String, program: String, layers: Set<Isolation.Layer>?)] = [
      ("isolated", program, all), ("bare", program, nil), ("peer", peer, nil),
    ]
    var samples: [String: [(answered: Double, spawned: Double)]] = [:]
    // Three that do not count bring files and caches to where they stay.
    for round in -3..<rounds {
      for variant in variants {
        let sample = try start(
          variant.program, variant.layers, in: tree, named: "compare-\(round)", isAhead: variant.layers != nil)
        if round >= 0 { samples[variant.name, default: []].append(sample) }
      }
    }
    for variant in variants {
      let answered = (samples[variant.name] ?? []).map(\.answered).sorted()
      let spawned = (samples[variant.name] ?? []).map(\.spawned).sorted()
      guard !answered.isEmpty else { continue }
      let p99 = answered[min(answered.count * 99 / 100, answered.count - 1)]
      print("\(variant.name) \(text(answered[answered.count / 2])) \(text(p99)) \(text(spawned[spawned.count / 2]))")
    }
  }

  private func prepare() throws -> CgroupTree? {
    let tree = support.permits(.resources) ? CgroupTree.find() : nil
    try tree?.prepare()
    if support.way == .root { try Isolation.forgoCapabilities() }
    return tree
  }

  func run() throws {
    let tree = try prepare()
    defer { tree?.remove() }
    var times: [String: [Double]] = [:]
    var spawns: [String: [Double]] = [:]
    for round in 0..<StartTimes.rounds {
      for (name, layers) in variants {
        let sample = try start(program, layers, in: tree, named: "time-\(round)", isAhead: name == StartTimes.ahead)
        times[name, default: []].append(sample.answered)
        spawns[name, default: []].append(sample.spawned)
      }
    }
    print("ms to the first byte: p10, p50, p99; ms in spawn: p50 (\(StartTimes.rounds) starts each, in turn)")
    for (name, _) in variants {
      let sorted = (times[name] ?? []).sorted()
      let spawned = (spawns[name] ?? []).sorted()
      let p10 = text(sorted[sorted.count / 10])
      let p50 = text(sorted[sorted.count / 2])
      let p99 = text(sorted[sorted.count * 99 / 100])
      print("\(p10)  \(p50)  \(p99)  \(text(spawned[spawned.count / 2]))  \(name)")
    }
  }

  private func text(_ milliseconds: Double) -> String {
    let thousandths = "\(Int(milliseconds * 1000) % 1000)"
    return "\(Int(milliseconds)).\(String(repeating: "0", count: 3 - thousandths.count))\(thousandths)"
  }

  private func start(
    _ program: String, _ layers: Set<Isolation.Layer>?, in tree: CgroupTree?, named name: String, isAhead: Bool
  ) throws -> (answered: Double, spawned: Double) {
    let path = "\(folder)/time.socket"
    unlink(path)
    let listener = try Listener.listening(at: path)
    var plan = ChildProcess.Plan("\(folder)/\(program)", environment: ["LISTEN_FDS": "1", "LISTEN_FDNAMES": "http"])
    plan.tellsListenPID = true
    plan.descriptors = [3: listener]
    plan.deathSignal = SIGKILL
    if let layers {
      var isolation = Isolation(layers: layers, root: Isolation.Root(shares: [.program(folder, at: "/function")]))
      isolation.landlockVersion = support.landlockVersion
      plan.isolation = isolation.permitted(by: support).isolation
      plan.path = "/function/\(program)"
    }
    defer { close(listener) }
    let connection = try StartTimes.connect(path)
    defer { close(connection) }
    let limits = ResourceLimits(memory: 64 << 20, processes: 64)
    guard let tree, layers?.contains(.resources) == true else {
      let began = Instant.now()
      return try StartTimes.answer(ChildProcess.spawn(plan), since: began, connection)
    }
    if isAhead {
      let network = try Isolation.makeNetwork()
      plan.isolation?.network = network.raw
      let cgroup = try Cgroup(name, limits: limits, in: tree)
      let began = Instant.now()
      let sample = try StartTimes.answer(ChildProcess.spawn(plan, in: cgroup), since: began, connection)
      _ = consume network
      return sample
    }
    let began = Instant.now()
    let cgroup = try Cgroup(name, limits: limits, in: tree)
    return try StartTimes.answer(ChildProcess.spawn(plan, in: cgroup), since: began, connection)
  }

  /// The program ends with this.
  private static func answer(
    _ child: consuming ChildProcess, since began: Instant, _ connection: CInt
  ) throws -> (answered: Double, spawned: Double) {
    let spawned = Instant.now()
    try exchange(connection)
    let answered = Instant.now()
    _ = consume child
    return (began.milliseconds(to: answered), began.milliseconds(to: spawned))
  }

  private static func exchange(_ connection: CInt) throws {
    let request = Array("GET / HTTP/1.1\r\nHost: a\r\n\r\n".utf8)
    var byte: UInt8 = 0
    guard write(connection, request, request.count) == request.count, read(connection, &byte, 1) == 1 else {
      throw SystemError(errno, "have an answer")
    }
  }

  private static func connect(_ path: String) throws -> CInt {
    let descriptor = socket(AF_UNIX, CInt(SOCK_STREAM.rawValue), 0)
    guard try withUnixAddress(path, { Glibc.connect(descriptor, $0, $1) }) == 0 else {
      throw SystemError(errno, "connect", path)
    }
    return descriptor
  }
}

extension Listener {
  fileprivate static func listening(at path: String) throws -> CInt {
    let descriptor = socket(AF_UNIX, CInt(SOCK_STREAM.rawValue), 0)
    guard try withUnixAddress(path, { Glibc.bind(descriptor, $0, $1) }) == 0, Glibc.listen(descriptor, 8) == 0 else {
      throw SystemError(errno, "listen", path)
    }
    chmod(path, 0o666)
    return descriptor
  }
}

private func withUnixAddress(
  _ path: String, _ body: (UnsafePointer<sockaddr>, socklen_t) -> CInt
) throws -> CInt {
  var address = sockaddr_un()
  address.sun_family = sa_family_t(AF_UNIX)
  let bytes = Array(path.utf8)
  guard bytes.count < MemoryLayout.size(ofValue: address.sun_path) else { throw SystemError(ENAMETOOLONG, "use", path) }
  withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: bytes) }
  return withUnsafePointer(to: &address) { pointer in
    pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { body($0, socklen_t(MemoryLayout<sockaddr_un>.size)) }
  }
}

extension Instant {
  fileprivate func milliseconds(to end: Instant) -> Double {
    Double(end.nanoseconds - nanoseconds) / 1e6
  }
}
