package import ApusModel
import Synchronization

/// The functions that can be called, by name.
package final class FunctionTable: Sendable {
  private let functions = Mutex<[FunctionName: DeployedFunction]>([:])

  package init() {}

  package subscript(name: FunctionName) -> DeployedFunction? {
    functions.withLock { $0[name] }
  }

  package func add(_ function: DeployedFunction) {
    functions.withLock { $0[function.name] = function }
  }

  package func remove(_ name: FunctionName) -> DeployedFunction? {
    functions.withLock { $0.removeValue(forKey: name) }
  }

  package var all: [DeployedFunction] {
    functions.withLock { Array($0.values) }
  }
}
