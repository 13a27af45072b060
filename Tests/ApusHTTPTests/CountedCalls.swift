import ApusIO
import Glibc
import Synchronization

/// The kernel, and how often it was called.
final class CountedCalls: SystemCalls {
  private let counted = Atomic<Int>(0)
  private let spliced = Atomic<Int>(0)
  private let kernel = KernelCalls.shared

  var count: Int { counted.load(ordering: .acquiring) }
  var spliceCount: Int { spliced.load(ordering: .acquiring) }

  private func count(_ call: () -> Int) -> Int {
    counted.add(1, ordering: .acquiringAndReleasing)
    return call()
  }

  func read(_ descriptor: CInt, _ bytes: UnsafeMutableRawBufferPointer) -> Int {
    count { kernel.read(descriptor, bytes) }
  }

  func write(_ descriptor: CInt, _ bytes: UnsafeRawBufferPointer) -> Int {
    count { kernel.write(descriptor, bytes) }
  }

  func receive(_ descriptor: CInt, _ bytes: UnsafeMutableRawBufferPointer) -> Int {
    count { kernel.receive(descriptor, bytes) }
  }

  func send(_ descriptor: CInt, _ bytes: UnsafeRawBufferPointer) -> Int {
    count { kernel.send(descriptor, bytes) }
  }

  func write(_ descriptor: CInt, _ parts: UnsafePointer<iovec>, _ count: Int) -> Int {
    self.count { kernel.write(descriptor, parts, count) }
  }

  func send(_ descriptor: CInt, _ parts: UnsafePointer<iovec>, _ count: Int) -> Int {
    self.count { kernel.send(descriptor, parts, count) }
  }

  func splice(_ from: CInt, _ to: CInt, _ count: Int) -> Int {
    spliced.add(1, ordering: .acquiringAndReleasing)
    return self.count { kernel.splice(from, to, count) }
  }

  func accept(_ descriptor: CInt) -> Int {
    count { kernel.accept(descriptor) }
  }
}
