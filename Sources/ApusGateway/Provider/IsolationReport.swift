import ApusJSON
package import ApusLauncher

/// Which layers of isolation replicas have here, for people and for `/system/info`.
package struct IsolationReport: Sendable, Equatable {
  /// Each layer with `in force`, or why it is not.
  package let entries: [Entry]
  /// A sentence for each layer that is wanted and can't be had.
  package let missing: [String]

  package struct Entry: Sendable, Equatable {
    package let layer: String
    package let state: String
  }

  package init(_ support: IsolationSupport) {
    entries = support.lines.map { Entry(layer: $0.layer.rawValue, state: $0.isInForce ? "in force" : $0.text) }
    missing = Isolation().permitted(by: support).missing.map(\.text)
  }

  /// By the operator's wish.
  package static let off = IsolationReport(reason: "off: the gateway was started with --no-isolation")

  private init(reason: String) {
    entries = Isolation.Layer.allCases.map { Entry(layer: $0.rawValue, state: reason) }
    missing = [reason]
  }

  var json: JSON { .object(entries.map { ($0.layer, .string($0.state)) }) }
}
