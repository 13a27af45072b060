package import ApusIO
import Glibc

/// Finds the address of a host by its name.
///
/// By the program getent(1), which is there wherever glibc is: a fully static program that called getaddrinfo(3) would
/// load the machine's own libraries into itself, of whichever version they are.
package enum HostLookup {
  private static let time: Duration = .seconds(10)

  /// The first address that this machine finds for `name`, as a number; nil if there is none.
  ///
  /// `tracking` hears of the child that is asked, and of its end: a first process has to tell it from orphans.
  package static func first(
    _ name: String, on loop: Loop, tracking: (_ pid: CInt, _ lives: Bool) -> Void = { _, _ in }
  ) async throws -> String? {
    let pipe = try Pipe(nonBlocking: false)
    let nowhere = open("/dev/null", O_RDWR | O_CLOEXEC)
    defer { close(nowhere) }
    var plan = ChildProcess.Plan("/usr/bin/getent", ["ahosts", name])
    plan.descriptors = [0: nowhere, 1: pipe.writing.raw, 2: nowhere]
    let child = try ChildProcess.spawn(plan)
    tracking(child.pid, true)
    defer { tracking(child.pid, false) }
    let reading = pipe.takeReading()
    let exit = try await child.wait(on: loop, deadline: .now() + time)
    guard exit.isSuccess else { return nil }
    // A handful of short lines, which the pipe holds whole.
    var block = [UInt8](repeating: 0, count: 4_096)
    let count = read(reading.raw, &block, block.count)
    let word = block.prefix(max(0, count)).prefix { $0 > 0x20 }
    return word.isEmpty ? nil : String(decoding: word, as: UTF8.self)
  }
}
