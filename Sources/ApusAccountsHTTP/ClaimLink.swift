package import Apus
package import ApusAccounts

/// The link by which a person claims credentials. The token stands in the fragment, which browsers send to nobody.
package struct ClaimLink: Sendable {
  package let text: String

  /// `function` is the one that gives credentials out, in the namespace of the one that is called.
  package init(
    _ token: OneTimeToken, _ settings: AccountSettings, function: String, _ context: Context
  ) throws(AccountRefusal) {
    guard let base = settings.publicURL else { throw .noPublicURL }
    let name = context.namespace == "openfaas-fn" ? function : "\(function).\(context.namespace)"
    text = "\(base)/function/\(name)/claim#\(token.text)"
  }
}
