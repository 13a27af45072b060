/// The name by which a function is deployed and called, in its namespace.
///
/// `hello` and `hello.openfaas-fn` are the same function.
package struct FunctionName: Hashable, Sendable {
  /// Where a function lives whose name carries no namespace.
  package static let defaultNamespace = "openfaas-fn"

  /// A DNS label; the `service` of a deployment.
  package let name: String
  /// A DNS label.
  package let namespace: String

  /// Takes the two parts as a deployment carries them; an absent or empty namespace is the default one.
  package init(name: String, namespace: String?, default: String = FunctionName.defaultNamespace) throws(NameError) {
    let namespace = namespace.flatMap { $0.isEmpty ? nil : $0 } ?? `default`
    try DNSName.checkLabel(name, subject: "function name")
    try DNSName.checkLabel(namespace, subject: "namespace")
    self.name = name
    self.namespace = namespace
  }

  /// Takes `NAME` or `NAME.NAMESPACE` as a path carries it, split at the last dot.
  package init(_ text: String, default: String = FunctionName.defaultNamespace) throws(NameError) {
    guard let dot = text.lastIndex(of: ".") else {
      try self.init(name: text, namespace: `default`)
      return
    }
    let namespace = String(text[text.index(after: dot)...])
    // Unlike an absent namespace, `hello.` announces one and then has none.
    try DNSName.checkLabel(namespace, subject: "namespace")
    try self.init(name: String(text[..<dot]), namespace: namespace)
  }

  /// `NAME.NAMESPACE`, as metrics and queues name the function.
  package var qualified: String { "\(name).\(namespace)" }
}

extension FunctionName: CustomStringConvertible {
  /// As people write it: without the namespace where that is the default one.
  package var description: String { namespace == Self.defaultNamespace ? name : qualified }
}
