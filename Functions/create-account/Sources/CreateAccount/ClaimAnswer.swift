import Apus
import ApusAccounts
import ApusAccountsHTTP
import ApusJSON
import ApusQRCode

/// A claim link for an operator to hand over, as text or as an image.
struct ClaimAnswer {
  private let account: Account
  private let link: ClaimLink
  private let pixels: Int

  init(_ account: Account, _ link: ClaimLink, pixels: Int) {
    self.account = account
    self.link = link
    self.pixels = pixels
  }

  func response(_ form: AnswerForm.Form) throws -> Response {
    switch form {
    case .json: try .account(document, .created)
    case .png: image(try QRCode.drawn(link.text).png(pixels: pixels), form)
    case .svg: image(Array(try QRCode.drawn(link.text).svg(pixels: pixels, label: ClaimAnswer.label).utf8), form)
    }
  }

  private static let label = "QR: claim your account, retirez votre compte"

  private var document: ApusJSON.JSON {
    get throws {
      .object([
        ("login", .string(account.login.text)), ("account_id", .string(account.id.text)),
        (
          "claim",
          .object([
            ("url", .string(link.text)),
            ("expires_at", account.claim.map { .string(UTC.text($0.expiresAt)) } ?? .null),
            ("qr", try QRCode.images(link.text, pixels: pixels, label: ClaimAnswer.label)),
          ])
        ),
      ])
    }
  }

  private func image(_ bytes: [UInt8], _ form: AnswerForm.Form) -> Response {
    Response(.created, headers: ["Content-Type": form.rawValue, "Cache-Control": "no-store"], body: bytes)
  }
}
