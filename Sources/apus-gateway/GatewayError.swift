/// Why the gateway does not start: what happened and what to do.
struct GatewayError: Error, CustomStringConvertible {
  let description: String

  init(_ description: String) {
    self.description = description
  }
}
