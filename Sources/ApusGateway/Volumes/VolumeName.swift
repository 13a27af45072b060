package import ApusModel

/// A volume: a name in a namespace.
package struct VolumeName: Hashable, Sendable, CustomStringConvertible {
  package let namespace: String
  package let name: String

  package init(_ name: String, namespace: String) throws(NameError) {
    try DNSName.checkLabel(namespace, subject: "namespace")
    try DNSName.checkLabel(name, subject: "volume name")
    self.namespace = namespace
    self.name = name
  }

  package var description: String { "\(name).\(namespace)" }
}
