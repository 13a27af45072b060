import ApusIO
import ApusLauncher
import Glibc
import Instruments
import Testing

/// The path of a program that the build put beside the tests.
func product(_ name: String) -> String {
  // The runner may be the toolchain's own, which loads the bundle named in its arguments.
  for candidate in [realPath("/proc/self/exe")] + CommandLine.arguments {
    let folder = candidate.lastIndex(of: "/").map { candidate[..<$0] } ?? "."
    if access("\(folder)/\(name)", X_OK) == 0 { return "\(folder)/\(name)" }
  }
  return name
}

private func realPath(_ path: String) -> String {
  guard let text = realpath(path, nil) else { return path }
  defer { free(text) }
  return String(cString: text)
}

/// What this machine lets these tests have; tried once.
let support = IsolationSupport.probe()

/// For tests that part namespaces and change users. Elsewhere only the tests of what an ordinary user gets run.
let isRoot = support.way == .root && support.permits(.identity)

/// A folder with the fixture, open to all users, for the length of `body`.
func withFixture<Value>(_ body: (String) async throws -> Value) async throws -> Value {
  try await withFolder { folder in
    chmod(folder, 0o755)
    try copy(product("isolation-fixture"), to: "\(folder)/look")
    return try await body(folder)
  }
}

func copy(_ source: String, to target: String) throws {
  let input = open(source, O_RDONLY | O_CLOEXEC)
  let output = open(target, O_WRONLY | O_CREAT | O_CLOEXEC, 0o755)
  guard input >= 0, output >= 0 else { throw SystemError(errno, "copy", source) }
  defer {
    close(input)
    close(output)
  }
  while true {
    let count = sendfile(output, input, nil, 1 << 20)
    if count == 0 { return }
    guard count > 0 else { throw SystemError(errno, "copy", source) }
  }
}

/// The fixture with `verbs`, in a root where it is all that there is, with all layers but a cgroup.
func look(_ folder: String, _ verbs: [String]) -> ChildProcess.Plan {
  var plan = ChildProcess.Plan("/function/look", verbs)
  var isolation = Isolation(root: Isolation.Root(shares: [.program(folder, at: "/function")]))
  isolation.identity = Isolation.Identity(user: 12_345, group: 12_346)
  isolation.hostName = "look"
  plan.isolation = isolation.permitted(by: support).isolation
  return plan
}

/// What the fixture printed, which is expected to have ended well; and to see and be allowed the same in a child that
/// was made before its program was known.
func seen(
  _ folder: String, _ verbs: [String], on loop: Loop, sourceLocation: SourceLocation = #_sourceLocation,
  _ change: (inout ChildProcess.Plan) -> Void = { _ in }
) async throws -> String {
  var plan = look(folder, verbs)
  change(&plan)
  let (exit, output, _) = try await run(plan, on: loop)
  #expect(exit.isSuccess, "\(exit): \(output)", sourceLocation: sourceLocation)
  if isRoot, plan.isolation?.template != nil, plan.isolation?.network == nil {
    let prepared = try await run(plan, on: loop, isPrepared: true)
    #expect(prepared.exit.isSuccess, "\(prepared.exit): \(prepared.output)", sourceLocation: sourceLocation)
    #expect(lasting(prepared.output) == lasting(output), "in a prepared child", sourceLocation: sourceLocation)
  }
  return output
}

/// Without what differs from one process to the next: the counters in /proc/self/status, options of mounts, and their
/// order, which follows from numbers that the kernel gives again as they come free.
private func lasting(_ output: String) -> [Substring] {
  let counters = ["Vm", "Rss", "voluntary_", "nonvoluntary_", "Pid:", "NSpid:", "HugetlbPages:", "Cpus_", "Mems_"]
  return output.split(separator: "\n").filter { line in
    !counters.contains { line.hasPrefix($0) } && !line.hasPrefix("tmpfs ")
  }.sorted()
}
