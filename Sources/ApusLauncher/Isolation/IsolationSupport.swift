import CLinux
import Glibc

/// What of isolation this machine lets this user have, found out by trying.
package struct IsolationSupport: Sendable, Equatable {
  /// Where the rights to part namespaces come from.
  package enum Way: Sendable, Equatable {
    case root
    /// An ordinary user, who becomes root of a user namespace for the time that it takes.
    case userNamespaces
    case none
  }

  package var way: Way
  /// Why each layer that can't be had can't.
  package var refusals: [Isolation.Layer: String]
  /// 0 for none.
  package var landlockVersion: Int
  /// Which limits of a cgroup can be set, and figures read.
  package var controllers: Set<String>

  package init(
    way: Way, refusals: [Isolation.Layer: String] = [:], landlockVersion: Int = 0, controllers: Set<String> = []
  ) {
    self.way = way
    self.refusals = refusals
    self.landlockVersion = landlockVersion
    self.controllers = controllers
  }

  package func permits(_ layer: Isolation.Layer) -> Bool { refusals[layer] == nil }

  /// A layer, whether it is in force, and a sentence that a person can read.
  package struct Line: Sendable, Equatable {
    package var layer: Isolation.Layer
    package var isInForce: Bool
    package var text: String
  }

  package var lines: [Line] {
    Isolation.Layer.allCases.map { layer in
      Line(layer: layer, isInForce: permits(layer), text: refusals[layer] ?? text(layer))
    }
  }

  private func text(_ layer: Isolation.Layer) -> String {
    switch layer {
    case .users: "user namespace: lends an ordinary user the rights for the others"
    case .mounts: "files: each replica has a root of its own"
    case .processes: "processes: each replica sees its own only"
    case .ipc: "ipc: per replica"
    case .hostName: "host name: per replica"
    case .network: "network: none but lo, unless the function asks for the host's"
    case .identity: "uids: one per function"
    case .capabilities: "capabilities: none"
    case .privileges: "privileges: none can be gained"
    case .systemCalls: "system calls: filtered"
    case .paths: "paths: restricted by Landlock, version \(landlockVersion)"
    case .resources: "limits: per replica (\(controllers.sorted().joined(separator: ", ")))"
    }
  }
}

extension Isolation {
  /// The layers that were wanted and can't be had.
  package struct Reduced: Sendable, Equatable {
    package var isolation: Isolation
    package var missing: [IsolationSupport.Line]
  }

  /// As much of this as the machine permits, and what is missing, each with its reason.
  package func permitted(by support: IsolationSupport) -> Reduced {
    var reduced = self
    var missing: [IsolationSupport.Line] = []
    for layer in Layer.allCases where layers.contains(layer) && !support.permits(layer) {
      reduced.layers.remove(layer)
      // Only a way to the others, and root has no need of it.
      if layer == .users, support.way == .root { continue }
      missing.append(
        IsolationSupport.Line(layer: layer, isInForce: false, text: support.refusals[layer] ?? ""))
    }
    reduced.landlockVersion = support.landlockVersion
    if support.way == .userNamespaces {
      // Both need rights outside of the user namespace.
      reduced.identity.groups = []
      reduced.network = nil
    }
    return Reduced(isolation: reduced, missing: missing)
  }
}
