/// What an authenticator app reads from a QR code: `otpauth://totp/ISSUER:LOGIN?secret=…` (Key URI format).
package struct EnrolmentURI: Sendable, Equatable {
  package let issuer: String
  package let login: String
  package let secret: [UInt8]

  /// Colons divide issuer and login, so neither may hold one: those of an issuer are left out, and no login has one.
  package init(issuer: String, login: String, secret: [UInt8]) {
    self.issuer = String(issuer.filter { $0 != ":" })
    self.login = String(login.filter { $0 != ":" })
    self.secret = secret
  }

  /// Hash, digits and period are what every app takes for granted; some ignore other values.
  package var text: String {
    let issuer = EnrolmentURI.escaped(issuer)
    return "otpauth://totp/\(issuer):\(EnrolmentURI.escaped(login))?secret=\(Base32.encode(secret))&issuer=\(issuer)"
      + "&algorithm=SHA1&digits=\(OneTimePassword.digits)&period=\(OneTimePassword.period)"
  }

  /// Everything but RFC 3986's unreserved characters; a space is `%20`, since apps show a plus as it stands.
  private static func escaped(_ text: String) -> String {
    let hexadecimal = Array("0123456789ABCDEF".utf8)
    var bytes: [UInt8] = []
    for byte in text.utf8 {
      switch byte {
      case UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "a")...UInt8(ascii: "z"),
        UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"),
        UInt8(ascii: "~"):
        bytes.append(byte)
      default: bytes += [UInt8(ascii: "%"), hexadecimal[Int(byte >> 4)], hexadecimal[Int(byte & 15)]]
      }
    }
    return String(decoding: bytes, as: UTF8.self)
  }
}
