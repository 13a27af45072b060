import ApusAccounts
import Instruments
import Testing

@Suite struct `A one-time password` {
  static let key = Array("12345678901234567890".utf8)

  /// RFC 4226, appendix D.
  @Test(
    arguments: [
      (0, "755224"), (1, "287082"), (2, "359152"), (3, "969429"), (4, "338314"), (5, "254676"), (6, "287922"),
      (7, "162583"), (8, "399871"), (9, "520489"),
    ] as [(Int64, String)])
  func `by a counter is RFC 4226's`(counter: Int64, code: String) {
    #expect(OneTimePassword.code(Self.key, counter: counter) == code)
  }

  /// RFC 6238, appendix B.
  @Test(
    arguments: [
      (59, "94287082"), (1_111_111_109, "07081804"), (1_111_111_111, "14050471"), (1_234_567_890, "89005924"),
      (2_000_000_000, "69279037"), (20_000_000_000, "65353130"),
    ] as [(Int64, String)])
  func `by the time is RFC 6238's`(seconds: Int64, code: String) {
    #expect(OneTimePassword.code(Self.key, counter: OneTimePassword.step(at: seconds), digits: 8) == code)
  }

  @Test(.enabled(if: Oracle.has("oathtool"), "oathtool is not here"), arguments: 0..<20)
  func `is the one that oathtool makes`(seed: Int) throws {
    var random = SeededRandom(UInt64(seed))
    let secret = (0..<Int.random(in: 16...100, using: &random)).map { _ in UInt8.random(in: 0...255, using: &random) }
    let seconds = Int64.random(in: 0...4_000_000_000, using: &random)
    let theirs = try Oracle.run("oathtool --totp -b --now '@\(seconds)' \(Base32.encode(secret))")
    #expect(OneTimePassword.code(secret, counter: OneTimePassword.step(at: seconds)) + "\n" == theirs)
  }

  @Test func `is taken in its own step and the next, and in no other`() {
    let step: Int64 = 60_000_000
    let code = OneTimePassword.code(Self.key, counter: step)
    func found(_ seconds: Int64, isStrict: Bool) -> Int64? {
      OneTimePassword.step(of: code, Self.key, at: seconds, isStrict: isStrict)
    }
    let start = step * 30
    #expect(found(start - 1, isStrict: false) == nil)
    #expect(found(start, isStrict: false) == step)
    #expect(found(start + 29, isStrict: true) == step)
    #expect(found(start + 30, isStrict: true) == nil)
    #expect(found(start + 59, isStrict: false) == step)
    #expect(found(start + 60, isStrict: false) == nil)
  }

  @Test(arguments: ["", "1", "12345", "1234567", "abcdef", "１２３４５６", "000000\0"])
  func `of another form is no step's`(code: String) {
    #expect(OneTimePassword.step(of: code, Self.key, at: 59, isStrict: false) == nil)
  }
}
