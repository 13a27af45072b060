import ApusIO
import CLinux
import Glibc
import Synchronization

/// System calls with a script: each call plays its next step, on the kernel or in its place, and is written down.
final class ScriptedCalls: SystemCalls {
  enum Step: Sendable {
    /// The kernel gets the call, for that many bytes at most.
    case atMost(Int)
    /// The call fails without reaching the kernel.
    case fail(CInt)
    /// As `fail`, once more and once more.
    case failTimes(CInt, Int)
  }

  private struct State {
    var steps: [Step]
    var calls: [String] = []
  }
  private let state: Mutex<State>
  private let kernel = KernelCalls.shared

  init(_ steps: Step...) {
    let steps = steps.flatMap { step -> [Step] in
      if case .failTimes(let code, let times) = step { return Array(repeating: .fail(code), count: times) }
      return [step]
    }
    state = Mutex(State(steps: steps))
  }

  /// "send 10: 6" for a call with ten bytes of which six went; a negated errno as the answer of a failure.
  var calls: [String] { state.withLock { $0.calls } }
  var isPlayed: Bool { state.withLock { $0.steps.isEmpty } }

  private func play(_ name: String, _ count: Int, _ call: (Int) -> Int) -> Int {
    let step = state.withLock { $0.steps.isEmpty ? nil : $0.steps.removeFirst() }
    let answer =
      switch step {
      case nil: call(count)
      case .atMost(let limit)?: call(min(count, limit))
      case .fail(let code)?, .failTimes(let code, _)?: -Int(code)
      }
    state.withLock { $0.calls.append("\(name) \(count): \(answer)") }
    return answer
  }

  func read(_ descriptor: CInt, _ bytes: UnsafeMutableRawBufferPointer) -> Int {
    play("read", bytes.count) { kernel.read(descriptor, UnsafeMutableRawBufferPointer(rebasing: bytes[..<$0])) }
  }

  func write(_ descriptor: CInt, _ bytes: UnsafeRawBufferPointer) -> Int {
    play("write", bytes.count) { kernel.write(descriptor, UnsafeRawBufferPointer(rebasing: bytes[..<$0])) }
  }

  func receive(_ descriptor: CInt, _ bytes: UnsafeMutableRawBufferPointer) -> Int {
    play("receive", bytes.count) { kernel.receive(descriptor, UnsafeMutableRawBufferPointer(rebasing: bytes[..<$0])) }
  }

  func send(_ descriptor: CInt, _ bytes: UnsafeRawBufferPointer) -> Int {
    play("send", bytes.count) { kernel.send(descriptor, UnsafeRawBufferPointer(rebasing: bytes[..<$0])) }
  }

  func write(_ descriptor: CInt, _ parts: UnsafePointer<iovec>, _ count: Int) -> Int {
    play("writev", count) { kernel.write(descriptor, parts, $0) }
  }

  func send(_ descriptor: CInt, _ parts: UnsafePointer<iovec>, _ count: Int) -> Int {
    play("sendmsg", count) { kernel.send(descriptor, parts, $0) }
  }

  func splice(_ from: CInt, _ to: CInt, _ count: Int) -> Int {
    play("splice", count) { kernel.splice(from, to, $0) }
  }

  func accept(_ descriptor: CInt) -> Int {
    play("accept", 1) { _ in kernel.accept(descriptor) }
  }
}
