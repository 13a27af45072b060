import ApusIO
import ApusLauncher
import Glibc

/// Starts a program as isolated as this machine permits this user, and stands by until it ends.
///
/// `isolation-launcher support` prints what is permitted; `isolation-launcher run FOLDER PROGRAM ARGUMENT…` runs
/// `FOLDER/PROGRAM` as `/function/PROGRAM`; `run-under-init` does so below an init; `time FOLDER PROGRAM` starts a
/// server some hundred times, with and without isolation; `compare FOLDER PROGRAM PEER COUNT` starts two.
@main
enum Launcher {
  static func main() throws {
    let arguments = CommandLine.arguments
    guard arguments.count > 1 else { return }
    let support = IsolationSupport.probe()
    switch arguments[1] {
    case "support":
      for line in support.lines { print("\(line.layer) \(line.isInForce ? "yes" : "no"): \(line.text)") }
    case "run" where arguments.count > 3:
      try run(plan(Array(arguments.dropFirst(2)), support))
    case "run-under-init" where arguments.count > 3:
      var plan = plan(Array(arguments.dropFirst(2)), support)
      plan.isolation?.needsInit = true
      try run(plan)
    case "time" where arguments.count > 3:
      try StartTimes(folder: arguments[2], program: arguments[3], support: support).run()
    case "compare" where arguments.count > 5:
      try StartTimes(folder: arguments[2], program: arguments[3], support: support).compare(
        with: arguments[4], rounds: max(1, Int(arguments[5]) ?? 100))
    default: exit(64)
    }
  }

  private static func plan(_ arguments: [String], _ support: IsolationSupport) -> ChildProcess.Plan {
    var isolation = Isolation(root: Isolation.Root(shares: [.program(arguments[0], at: "/function")]))
    isolation.identity = Isolation.Identity(user: 12_345, group: 12_345)
    isolation = isolation.permitted(by: support).isolation
    var plan = ChildProcess.Plan(
      isolation.location(of: "/function/\(arguments[1])"), Array(arguments.dropFirst(2)))
    plan.isolation = isolation
    plan.deathSignal = SIGKILL
    if fcntl(3, F_GETFD) >= 0 { plan.descriptors[3] = 3 }
    return plan
  }

  private static func run(_ plan: ChildProcess.Plan) throws {
    let loop = try Loop()
    let exit = try loop.runUntilDone {
      let child = try ChildProcess.spawn(plan)
      return try await child.wait(on: loop)
    }
    print("\(exit)")
  }
}
