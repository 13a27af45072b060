import ApusIO
import ApusLauncher
import Glibc
import Instruments

/// A child whose value is shared, for tests in which one task starts it and another ends it.
final class SharedChild: Sendable {
  let process: ChildProcess

  init(_ plan: ChildProcess.Plan) throws(SystemError) {
    process = try ChildProcess.spawn(plan)
  }
}

/// How `plan`'s program ended, and what it wrote to its standard output. `isPrepared`: in a child made before.
func run(
  _ plan: ChildProcess.Plan, on loop: Loop, isPrepared: Bool = false
) async throws -> (exit: ChildProcess.Exit, output: String, pid: CInt) {
  let pipe = try Pipe()
  var plan = plan
  // A program that blocks on its own output must find a pipe that blocks.
  let writing = fcntl(pipe.writing.raw, F_GETFL)
  _ = fcntl(pipe.writing.raw, F_SETFL, writing & ~O_NONBLOCK)
  plan.descriptors[1] = pipe.writing.raw
  let child = try isPrepared ? startPrepared(plan) : ChildProcess.spawn(plan)
  let output = try Stream(pipe.takeReading(), on: loop)
  defer { output.close() }
  let text = try await output.readToEnd()
  return (try await child.wait(on: loop), text, child.pid)
}

private func startPrepared(_ plan: ChildProcess.Plan) throws -> ChildProcess {
  guard let template = plan.isolation?.template else { throw SystemError(EINVAL, "prepare", plan.path) }
  return try PreparedChild(template, deathSignal: plan.deathSignal).start(plan)
}

func shell(_ script: String) -> ChildProcess.Plan {
  ChildProcess.Plan("/bin/sh", ["-c", script], environment: ["PATH": "/usr/bin:/bin"])
}

/// There is such a process, be it a zombie.
func exists(_ pid: CInt) -> Bool {
  kill(pid, 0) == 0
}
