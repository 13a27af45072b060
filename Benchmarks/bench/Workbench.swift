import CBenchSpawn
import Glibc

/// What all benchmarks share: options, the scratch folder, the peers, and what went wrong so far.
final class Workbench {
  let options: Options
  let folder: String
  let peers: Peers
  /// Descriptors we may open; the servers we start inherit the limit.
  let descriptorLimit: Int
  let processors = max(1, sysconf(Int32(_SC_NPROCESSORS_ONLN)))
  private(set) var notes: [String] = []
  private(set) var failures: [String] = []
  private var lastNumber = 0

  init(options: Options, folder: String) throws(BenchError) {
    self.options = options
    self.folder = folder
    peers = try Peers(folder: folder)
    descriptorLimit = Int(bench_raise_descriptors(32_768))
  }

  /// The server measured gets the first processor and the load the last, where there are two.
  var serverProcessors: UInt { processors > 1 ? 1 : 0 }
  var loadProcessors: UInt { processors > 1 ? 1 << UInt(min(processors, 64) - 1) : 0 }
  var seconds: Int { options.isQuick ? 1 : 2 }

  /// A number not given before, for names in the scratch folder.
  func nextNumber() -> Int {
    lastNumber += 1
    return lastNumber
  }

  /// Says something the reader of the table must know, and keeps it for the JSON file.
  func note(_ text: String) {
    guard !notes.contains(text) else { return }
    notes.append(text)
    Console.say("note: \(text)")
  }

  /// Tries something that one row needs; what is missing skips the row, what failed makes the run fail.
  func attempt<Value: ~Copyable>(_ work: () throws(BenchError) -> Value) throws(BenchError) -> Value? {
    do throws(BenchError) {
      return try work()
    } catch {
      switch error {
      case .missing(let text): note("skipped: \(text)")
      case .failed(let text):
        if !failures.contains(text) { failures.append(text) }
        Console.say("failed: \(text)")
      case .usage, .interrupted: throw error
      }
      return nil
    }
  }
}
