import Apus
import ApusAccounts
import ApusAccountsHTTP
import ApusJSON
import ApusQRCode

extension NewCredentials {
  /// The one answer that shows them.
  func document(pixels: Int) throws -> ApusJSON.JSON {
    .object([
      ("login", .string(login.text)), ("account_id", .string(account.text)),
      ("expires_at", expiresAt.map { .string(UTC.text($0)) } ?? .null),
      ("activate_before", .string(UTC.text(activateBefore))),
      (
        "password",
        .object([
          ("text", .string(password)),
          ("qr", try QRCode.images(password, pixels: pixels, label: "QR: password, mot de passe")),
        ])
      ),
      (
        "totp",
        .object([
          ("secret", .string(Base32.encode(enrolment.secret))), ("uri", .string(enrolment.text)),
          ("qr", try QRCode.images(enrolment.text, pixels: pixels, label: "QR: TOTP")),
        ])
      ),
      ("recovery_codes", .array(recoveryCodes.map { .string($0) })),
    ])
  }
}

extension QRCode {
  /// Both drawings of a text, the PNG as a data URI (RFC 2397).
  static func images(_ text: String, pixels: Int, label: String) throws -> ApusJSON.JSON {
    let code = try QRCode.drawn(text)
    return .object([
      ("png", .string(DataURI.text("image/png", code.png(pixels: pixels)))),
      ("svg", .string(code.svg(pixels: pixels, label: label))),
    ])
  }

  static func drawn(_ text: String) throws -> QRCode {
    guard let code = QRCode(text) else {
      throw Problem(
        .internalServerError, "A QR code has no room for this", detail: "Shorten public_url or totp_issuer.")
    }
    return code
  }
}
