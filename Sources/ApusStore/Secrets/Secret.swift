package import ApusModel

/// Name and value in memory. There is no way to print it, and it can't be copied.
package struct Secret: ~Copyable, Sendable {
  package let name: SecretName
  package let namespace: String
  package let value: SecureBytes

  package init(_ name: SecretName, namespace: String, value: consuming SecureBytes) throws(StoreError) {
    guard value.count <= StoreLimits.secretBytes else {
      throw StoreError(
        .tooLarge, "the value of the secret \(name) has \(value.count) bytes",
        meaning: "\(StoreLimits.secretBytes) are allowed",
        advice: "Keep large data in a volume, sealed, and its key in the secret")
    }
    self.name = name
    self.namespace = namespace
    self.value = value
  }
}
