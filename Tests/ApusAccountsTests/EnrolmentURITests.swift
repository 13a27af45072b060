import ApusAccounts
import Instruments
import Testing

@Suite struct `An enrolment URI` {
  static let secret = Array("12345678901234567890".utf8)

  @Test func `is what authenticator apps read`() {
    let uri = EnrolmentURI(issuer: "Maison Martin", login: "ada+test@example.org", secret: Self.secret)
    #expect(
      uri.text == "otpauth://totp/Maison%20Martin:ada%2Btest%40example.org?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"
        + "&issuer=Maison%20Martin&algorithm=SHA1&digits=6&period=30")
  }

  @Test(arguments: ["ada", "Élève é", "a&b=c?d#e%f+g", "日本語", "a%3Ab"])
  func `says login and issuer again when it is read`(name: String) {
    let uri = EnrolmentURI(issuer: name, login: name, secret: Self.secret)
    #expect(EnrolmentURI(uri.text) == uri)
  }

  @Test func `has no colon that would move the border`() {
    let uri = EnrolmentURI(issuer: "Apus:evil", login: "a:b", secret: Self.secret)
    #expect(uri.text.hasPrefix("otpauth://totp/Apusevil:ab?"))
  }

  @Test func `that was changed anywhere is refused or means something that can be written`() {
    let text = Array(EnrolmentURI(issuer: "Apus", login: "ada", secret: Self.secret).text.utf8)
    var random = SeededRandom(7)
    for _ in 0..<20_000 {
      var changed = text
      for _ in 0..<Int.random(in: 1...3, using: &random) {
        let index = Int.random(in: 0..<changed.count, using: &random)
        switch Int.random(in: 0..<3, using: &random) {
        case 0: changed[index] = UInt8.random(in: 0...255, using: &random)
        case 1: changed.remove(at: index)
        default: changed.insert(UInt8.random(in: 0x20...0x7E, using: &random), at: index)
        }
      }
      guard let read = EnrolmentURI(String(decoding: changed, as: UTF8.self)) else { continue }
      #expect(EnrolmentURI(read.text) == read)
    }
  }
}
