import ApusIO
import ApusLauncher
import Glibc
import Instruments
import Testing

@Suite(.enabled(if: isRoot, "namespaces and users of one's own need root")) struct `An isolation that can't be had` {
  private func description(_ change: (inout Isolation) -> Void) -> String {
    var isolation = Isolation().permitted(by: support).isolation
    isolation.root.shares = [.program("/bin", at: "/function")]
    change(&isolation)
    var plan = ChildProcess.Plan("/function/true")
    plan.isolation = isolation
    do throws(SystemError) {
      _ = try ChildProcess.spawn(plan)
      return "started"
    } catch {
      return error.description
    }
  }

  @Test func `names the step and what it was about`() {
    let missing = description { $0.root.shares.append(.readOnly("/none", at: "/a")) }
    #expect(missing.hasPrefix("could not build a root: /none at /a: No such file or directory. It is missing"))
    let twice = description { $0.root.files["/function"] = "" }
    #expect(twice.hasPrefix("could not build a root: /function: "), "\(twice)")
    let name = description { $0.hostName = String(repeating: "a", count: 100) }
    #expect(name.hasPrefix("could not name the host of /function/true: Invalid argument"), "\(name)")
    let user = description { $0.identity.user = .max }
    #expect(
      user.hasPrefix("could not run as a user or group 4294967295: Invalid argument. 4294967295 means"), "\(user)")
    let loader = description { _ in }
    #expect(loader.hasPrefix("could not start /function/true: No such file or directory. There is no such program"))
    let under = description { $0.needsInit = true }
    #expect(under.hasPrefix("could not start /function/true: No such file or directory. There is no such program"))
  }

  @Test(arguments: ["data", "/", "/a/../b", "/a//b", "/proc", "/tmp", "/./a"])
  func `has a path that would lead elsewhere`(path: String) {
    let text = description { $0.root.shares.append(.readOnly("/usr", at: path)) }
    #expect(text.hasPrefix("could not place in a root \(path): Invalid argument. Write an absolute path"), "\(text)")
  }

  @Test func `leaves no descriptor, no zombie and no mount`() async {
    await #expect(processExitsWith: .success) {
      _ = support
      let before = (openDescriptors(), contents("/proc/self/mountinfo"))
      for _ in 0..<20 {
        var plan = ChildProcess.Plan("/none")
        plan.isolation = Isolation().permitted(by: support).isolation
        plan.isolation?.needsInit = true
        _ = #expect(throws: SystemError.self) { _ = try ChildProcess.spawn(plan) }
        plan.isolation?.root.shares = [.readOnly("/none", at: "/a")]
        _ = #expect(throws: SystemError.self) { _ = try ChildProcess.spawn(plan) }
      }
      let come = openDescriptors().filter { !before.0.contains($0) }
      #expect(come.isEmpty, "\(come)")
      #expect(children().isEmpty)
      #expect(contents("/proc/self/mountinfo") == before.1)
    }
  }
}
