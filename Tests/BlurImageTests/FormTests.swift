import BlurImage
import Instruments
import Testing

@Suite struct `A form` {
  static let text =
    "--b\r\nContent-Disposition: form-data; name=\"image\"; filename=\"a.jpg\"\r\n\r\n\u{1}\u{2}\r\n-\r\n--b\r\n"
    + "Content-Disposition: form-data; name=mode\r\n\r\ndetect\r\n--b--\r\n"

  @Test func `has its parts`() throws {
    let form = try #require(MultipartForm(Array(Self.text.utf8), boundary: "b", most: 9))
    #expect(
      form.parts == [
        MultipartForm.Part(name: "image", content: [1, 2, 13, 10, 45]),
        MultipartForm.Part(name: "mode", content: Array("detect".utf8)),
      ])
  }

  @Test(
    arguments: [
      ("multipart/form-data; boundary=abc", "abc"), ("Multipart/Form-Data;boundary=\"a b\"; charset=x", "a b"),
      ("multipart/form-data", nil), ("multipart/mixed; boundary=abc", nil), ("image/jpeg", nil),
      ("multipart/form-data; boundary=", nil),
    ] as [(String, String?)]) func `has the boundary that its type names`(type: String, boundary: String?)
  {
    #expect(MultipartForm.boundary(of: type) == boundary)
  }

  @Test func `that is cut anywhere is none`() {
    let bytes = Array(Self.text.utf8)
    // Past the last delimiter nothing matters.
    for count in 0..<(bytes.count - 2) {
      #expect(MultipartForm(Array(bytes[..<count]), boundary: "b", most: 9) == nil, "\(count)")
    }
    #expect(MultipartForm(bytes, boundary: "b", most: 1) == nil)
  }

  @Test func `may be any bytes`() {
    var random = SeededRandom(3)
    for _ in 0..<20_000 {
      var bytes = Array(Self.text.utf8)
      for _ in 0..<3 {
        let at = Int.random(in: 0..<bytes.count, using: &random)
        if Bool.random(using: &random) {
          bytes.remove(at: at)
        } else {
          bytes[at] = .random(in: 0...255, using: &random)
        }
      }
      _ = MultipartForm(bytes, boundary: "b", most: 9)
    }
  }

  @Test(arguments: [(8_000, true), (9_000, false)]) func `has parts with short heads`(length: Int, isTaken: Bool) {
    let head = "Content-Disposition: form-data; name=\"a\"\r\nX: " + String(repeating: "x", count: length)
    let form = MultipartForm(Array("--b\r\n\(head)\r\n\r\n1\r\n--b--\r\n".utf8), boundary: "b", most: 9)
    #expect((form?.parts.map(\.name) == ["a"]) == isTaken && (form != nil) == isTaken)
  }
}

@Suite struct `Base64 text` {
  // RFC 4648 section 10.
  @Test(arguments: [
    ("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foob", "Zm9vYg=="), ("fooba", "Zm9vYmE="),
    ("foobar", "Zm9vYmFy"),
  ]) func `is what the RFC says`(text: String, encoded: String) {
    #expect(Base64.encode(Array(text.utf8)) == encoded)
    #expect(Base64.decode(encoded) == Array(text.utf8))
  }

  @Test(arguments: ["Zg", "Zg=", "Z===", "Zm9v\n", "Zm9*", "=m9v", "Zm=v"]) func `is refused otherwise`(text: String) {
    #expect(Base64.decode(text) == nil)
  }
}
