package import ApusModel

/// What a route asks of its caller.
package enum AccessNeed: Sendable, Equatable {
  /// Health, version and the like. A route that says so must say why.
  case nothing
  /// A scope; with `function`, on that one alone, so that a token for it is enough.
  case scope(Scope, function: FunctionName?)
  /// The administrator: credentials, tokens, backups.
  case admin
  /// To call a function.
  case call(FunctionName, FunctionAccess)
}
