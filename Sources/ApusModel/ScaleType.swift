/// What the autoscaler measures; the values of the label `com.openfaas.scale.type`.
package enum ScaleType: String, CaseIterable, Hashable, Sendable {
  /// Calls in the gateway: waiting and running.
  case capacity
  /// Calls that arrive in a second.
  case rps
  /// Thousandths of a processor, over all replicas.
  case cpu
}
