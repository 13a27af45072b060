import ApusIO
import ApusLauncher
import Glibc
import Instruments
import Testing

@Suite struct `A child that can't be started` {
  private func description(_ change: (inout ChildProcess.Plan) throws -> Void) rethrows -> String {
    var plan = ChildProcess.Plan("/bin/true")
    try change(&plan)
    do throws(SystemError) {
      _ = try ChildProcess.spawn(plan)
      return "started"
    } catch {
      return error.description
    }
  }

  @Test func `names its program and says what to do`() async throws {
    try await withFolder { folder in
      #expect(
        description { $0.path = "\(folder)/none" }
          == "could not start \(folder)/none: No such file or directory. There is"
          + " no such program, or its interpreter or loader is missing")
      try writeFile("\(folder)/plain", "#!/bin/sh\n")
      #expect(
        description { $0.path = "\(folder)/plain" }
          == "could not start \(folder)/plain: Permission denied. The file must be"
          + " executable for this user (chmod +x), and so must its folders be")
      try writeFile("\(folder)/text", "echo no first line\n", mode: 0o755)
      #expect(
        description { $0.path = "\(folder)/text" }
          == "could not start \(folder)/text: Exec format error. It is not a program"
          + " for this machine; a script needs a first line like #!/bin/sh")
      try writeFile("\(folder)/lost", "#!\(folder)/interpreter\n", mode: 0o755)
      #expect(description { $0.path = "\(folder)/lost" }.contains("interpreter or loader is missing"))
      #expect(description { $0.path = "\(folder)/plain/below" }.contains("Not a directory"))
    }
  }

  @Test func `names the folder that it can't enter`() async throws {
    try await withFolder { folder in
      #expect(
        description { $0.directory = "\(folder)/none" }
          == "could not enter \(folder)/none, the working folder of /bin/true:"
          + " No such file or directory. The folder does not exist")
      try writeFile("\(folder)/file", "")
      #expect(
        description { $0.directory = "\(folder)/file" }
          == "could not enter \(folder)/file, the working folder of /bin/true:"
          + " Not a directory. It must be a folder")
    }
  }

  @Test(arguments: [
    { @Sendable (plan: inout ChildProcess.Plan) in plan.path = "/bin/true\u{0}x" },
    { @Sendable (plan: inout ChildProcess.Plan) in plan.arguments = ["a\u{0}b"] },
    { @Sendable (plan: inout ChildProcess.Plan) in plan.directory = "/\u{0}" },
    { @Sendable (plan: inout ChildProcess.Plan) in plan.environment = ["A": "a\u{0}b"] },
    { @Sendable (plan: inout ChildProcess.Plan) in plan.environment = ["A\u{0}": "b"] },
    { @Sendable (plan: inout ChildProcess.Plan) in plan.environment = ["A=B": "c"] },
    { @Sendable (plan: inout ChildProcess.Plan) in plan.environment = ["": "c"] },
  ])
  func `has a text that would be cut short or read as another`(change: @Sendable (inout ChildProcess.Plan) -> Void) {
    var plan = ChildProcess.Plan("/bin/true")
    change(&plan)
    let error = #expect(throws: SystemError.self) { _ = try ChildProcess.spawn(plan) }
    #expect(error?.code == EINVAL)
    #expect(error?.advice.isEmpty == false)
  }

  @Test func `has too large a limit for its kind`() {
    // A soft limit above the system's most for open files (fs.nr_open) is refused even to root.
    let text = description { $0.limits = [.openFiles(1 << 40)] }
    #expect(text.hasPrefix("could not set the resource limits of /bin/true: Operation not permitted. Only root may"))
  }

  @Test func `has an impossible death signal`() {
    #expect(
      description { $0.deathSignal = 1000 }.hasPrefix("could not tie to this process /bin/true: Invalid argument"))
  }

  @Test func `leaves no zombie and no descriptor`() async {
    await #expect(processExitsWith: .success) {
      let before = openDescriptors()
      for _ in 0..<50 {
        _ = #expect(throws: SystemError.self) { _ = try ChildProcess.spawn(ChildProcess.Plan("/none")) }
      }
      // The test runner may close one of its own meanwhile; none may have come.
      let come = openDescriptors().filter { !before.contains($0) }
      #expect(come.isEmpty, "\(come)")
      #expect(children().isEmpty, "\(children())")
    }
  }
}
