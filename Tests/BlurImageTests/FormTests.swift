import BlurImage
import Instruments
import Testing

@Suite struct `A form` {
  static let text =
    "--b\r\nContent-Disposition: form-data; name=\"image\"; filename=\"a.jpg\"\r\n\r\n\u{1}\u{2}\r\n-\r\n--b\r\n"
    + "Content-Disposition: form-data; name=mode\r\n\r\ndetect\r\n--b--\r\n"

  @Test func `has its parts`() throws {
    let form = try MultipartForm(Array(Self.text.utf8), boundary: "b", most: 9)
    #expect(
      form.parts == [
        MultipartForm.Part(name: "image", file: "a.jpg", content: [1, 2, 13, 10, 45]),
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

  // RFC 2046 section 5.1.1.
  @Test(arguments: ["\r\n", "This is a form.\r\n", "--\r\n\r\n--c\r\n", "a\r\n\r\n"], ["", "\r\nThe end.\r\n--b\r\n"])
  func `may have text before and behind it`(before: String, behind: String) throws {
    let bytes = Array((before + Self.text + behind).utf8)
    #expect(try MultipartForm(bytes, boundary: "b", most: 9).parts.map(\.name) == ["image", "mode"])
  }

  @Test func `that is cut anywhere is none`() {
    let bytes = Array(Self.text.utf8)
    // Past the last delimiter nothing matters.
    for count in 0..<(bytes.count - 2) {
      #expect(throws: FormError.damaged, "\(count)") {
        try MultipartForm(Array(bytes[..<count]), boundary: "b", most: 9)
      }
    }
    #expect(throws: FormError.tooManyParts(limit: 1)) { try MultipartForm(bytes, boundary: "b", most: 1) }
  }

  @Test(
    arguments: [
      ("name=\"image\"; filename=\"a; name=style.jpg\"", "image", "a; name=style.jpg"),
      ("filename=\"a\\\"; name=style; b\"; name=\"image\"", "image", "a\\\"; name=style; b"),
      ("Name = image ; FileName=ä.png", "image", "ä.png"), ("name=image; name=style", "image", nil),
      ("filename=x", nil, nil), ("name=\"\"; filename=\"\"", "", ""),
    ] as [(String, String?, String?)]) func `has the names that its parts tell`(
      told: String, name: String?, file: String?
    ) throws
  {
    let bytes = Array("--b\r\nContent-Disposition: form-data; \(told)\r\n\r\n1\r\n--b--\r\n".utf8)
    guard let name else {
      #expect(throws: FormError.damaged) { try MultipartForm(bytes, boundary: "b", most: 9) }
      return
    }
    let form = try MultipartForm(bytes, boundary: "b", most: 9)
    #expect(form.parts == [MultipartForm.Part(name: name, file: file, content: [49])])
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
      _ = try? MultipartForm(bytes, boundary: "b", most: 9)
    }
  }

  @Test(arguments: [(8_000, true), (9_000, false)]) func `has parts with short heads`(length: Int, isTaken: Bool)
    throws
  {
    let head = "Content-Disposition: form-data; name=\"a\"\r\nX: " + String(repeating: "x", count: length)
    let bytes = Array("--b\r\n\(head)\r\n\r\n1\r\n--b--\r\n".utf8)
    guard isTaken else {
      #expect(throws: FormError.longHead(limit: 8_192)) { try MultipartForm(bytes, boundary: "b", most: 9) }
      return
    }
    #expect(try MultipartForm(bytes, boundary: "b", most: 9).parts.map(\.name) == ["a"])
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

  @Test(arguments: ["Zm9v\nYmE=\n", "Zm9v\r\nYmE=\r\n", "\nZ\nm9vYmE\n=\n"]) func `may be in lines`(text: String) {
    #expect(Base64.decode(text) == Array("fooba".utf8))
  }

  @Test(arguments: ["Zg", "Zg=", "Z===", "Zm9*", "=m9v", "Zm=v", "====", "Zg==Zg==", "Zm 9v"])
  func `is refused otherwise`(text: String) {
    #expect(Base64.decode(text) == nil)
  }
}
