import ApusModel

/// What a deployment's environment says about its accounts.
package struct AccountSettings: Sendable, Equatable {
  package enum Creation: String, Sendable {
    case open
    /// With a token of the gateway that has the scope accounts.
    case token
  }

  package var credentialLife = CredentialLife.usual
  /// Seconds until new credentials die if nobody signs in with them.
  package var pendingLife: Int64 = 900
  package var claimLife: Int64 = 86_400
  package var renewalLife: Int64 = 900
  package var revealsTaken = true
  package var creation = Creation.open
  /// New accounts of one network in an hour.
  package var creationPerHour: Int64 = 5
  /// Accounts that wait for their first sign-in.
  package var pendingAccounts = 1_000
  /// Where people reach the gateway; links in claims begin so.
  package var publicURL: String?
  /// The name that authenticator apps show beside the login.
  package var issuer = "Apus"
  /// Codes of the present step alone are taken.
  package var isStrict = false
  package var audience = "apus"
  package var tokenLife: Int64 = 900
  package var refreshLife: Int64 = 43_200
  /// Hashes at a time; 46 MiB each.
  package var hashesAtOnce = HashGate.usualPlaces

  package init() {}

  /// Refuses what makes no sense: a typing error must not open what was meant to be closed.
  package init(_ environment: [String: String]) throws(AccountError) {
    var reader = SettingText(environment)
    try reader.read("credential_max_age", "6mo, 180d, a Go duration, or 0 for no end", &credentialLife) {
      CredentialLife($0)
    }
    try reader.read("pending_life", SettingText.duration, &pendingLife, SettingText.seconds)
    try reader.read("claim_life", SettingText.duration, &claimLife, SettingText.seconds)
    try reader.read("renewal_life", SettingText.duration, &renewalLife, SettingText.seconds)
    try reader.read("token_life", SettingText.duration, &tokenLife, SettingText.seconds)
    try reader.read("refresh_life", SettingText.duration, &refreshLife, SettingText.seconds)
    try reader.read("reveal_taken", SettingText.yesOrNo, &revealsTaken, SettingText.flag)
    try reader.read("totp_strict", SettingText.yesOrNo, &isStrict, SettingText.flag)
    try reader.read("creation", "open or token", &creation) { Creation(rawValue: $0) }
    try reader.read("creation_per_hour", SettingText.positive, &creationPerHour) {
      SettingText.number($0).map(Int64.init)
    }
    try reader.read("pending_accounts", SettingText.positive, &pendingAccounts, SettingText.number)
    try reader.read("hashes_at_once", SettingText.positive, &hashesAtOnce, SettingText.number)
    try reader.read("totp_issuer", "a name without colons", &issuer) {
      $0.utf8.contains(UInt8(ascii: ":")) || $0.utf8.count > 64 ? nil : $0
    }
    try reader.read("jwt_audience", "a name", &audience) { $0.utf8.count > 128 ? nil : $0 }
    try reader.read("public_url", "http:// or https:// and a host", &publicURL, SettingText.url)
    try reader.demandNoSlip()
  }
}
