import ApusDeployment
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

  /// Those that are given the secret, in the version that serves or in the one that is starting.
  func users(of secret: SecretName, namespace: String) -> [FunctionName] {
    let users = all.filter { function in
      function.name.namespace == namespace
        && [function.generation, function.desired].contains { $0?.deployment.secrets.contains(secret) == true }
    }
    return users.map(\.name).sorted { $0.name < $1.name }
  }

  package var all: [DeployedFunction] {
    functions.withLock { Array($0.values) }
  }
}
