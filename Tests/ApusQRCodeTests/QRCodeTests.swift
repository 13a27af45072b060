import ApusIO
import ApusQRCode
import Glibc
import Instruments
import Testing

@Suite struct `A QR code` {
  static let password = #"aB3!#$%()*+,-./:;=?@[]^_"#
  static let uri =
    "otpauth://totp/Maison%20Martin:ada%40example.org?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer=Maison%20Martin"
    + "&algorithm=SHA1&digits=6&period=30"

  /// Runs `body` with a file of these bytes.
  private static func withFile<Value>(_ bytes: [UInt8], _ body: (String) throws -> Value) throws -> Value {
    var path = Array("/tmp/apus-code-XXXXXX".utf8CString)
    let descriptor = mkstemp(&path)
    guard descriptor >= 0, write(descriptor, bytes, bytes.count) == bytes.count else {
      throw SystemError(errno, "make a file")
    }
    let name = String(decoding: path.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    defer {
      unlink(name)
      close(descriptor)
    }
    return try body(name)
  }

  private static func read(_ file: String) throws -> String {
    try Oracle.run("zbarimg --raw --quiet --nodbus -Sdisable -Sqrcode.enable '\(file)'")
  }

  @Test(
    .enabled(if: Oracle.has("zbarimg"), "zbarimg is not here"),
    arguments: [password, uri, "a", String(repeating: "7", count: 900)],
    [128, 320, 333, 1_024])
  func `is read back from its PNG by zbarimg`(text: String, pixels: Int) throws {
    let code = try #require(QRCode(text))
    // Less than two pixels a module is not for cameras, nor for zbarimg.
    guard pixels >= 2 * (code.width + 8) else { return }
    #expect(try Self.withFile(code.png(pixels: pixels), Self.read) == text + "\n")
  }

  @Test(
    .enabled(if: Oracle.has("zbarimg") && Oracle.has("rsvg-convert"), "zbarimg or rsvg-convert is not here"),
    arguments: [password, uri, "a"])
  func `is read back from its SVG, drawn by rsvg-convert`(text: String) throws {
    let code = try #require(QRCode(text))
    let read = try Self.withFile(Array(code.svg(pixels: 320, label: "a < b & \"c\"").utf8)) { svg in
      try Self.withFile([]) { png in
        _ = try Oracle.run("rsvg-convert -o '\(png)' '\(svg)'")
        return try Self.read(png)
      }
    }
    #expect(read == text + "\n")
  }

  @Test(arguments: [128, 129, 320, 1_024])
  func `is a PNG of the size that was asked for, in the eyes of Python's zlib`(pixels: Int) throws {
    let code = try #require(QRCode(Self.uri))
    let script = """
      import struct, sys, zlib
      data = open(sys.argv[1], 'rb').read()
      assert data[:8] == b'\\x89PNG\\r\\n\\x1a\\n'
      at, rows, size = 8, b'', None
      while at < len(data):
        length, kind = struct.unpack('>I4s', data[at:at + 8])
        content = data[at + 8:at + 8 + length]
        assert zlib.crc32(kind + content) == struct.unpack('>I', data[at + 8 + length:at + 12 + length])[0]
        if kind == b'IHDR': size = struct.unpack('>II', content[:8])
        if kind == b'IDAT': rows += zlib.decompress(content)
        at += 12 + length
      assert len(rows) == size[1] * (1 + (size[0] + 7) // 8)
      print(size[0], size[1], kind.decode())
      """
    let read = try Self.withFile(Array(script.utf8)) { script in
      try Self.withFile(code.png(pixels: pixels)) { png in try Oracle.run("python3 '\(script)' '\(png)'") }
    }
    #expect(read == "\(pixels) \(pixels) IEND\n")
  }

  @Test func `is small, and light around`() throws {
    let code = try #require(QRCode(Self.uri))
    #expect(code.png(pixels: 320).count < 4_096)
    #expect(!code.isDark(-1, 0) && !code.isDark(0, code.width) && code.isDark(0, 0))
  }

  @Test func `is not made of nothing, nor of more than fits`() {
    #expect(QRCode("") == nil)
    #expect(QRCode(String(repeating: "a", count: 2_331)) != nil)
    #expect(QRCode(String(repeating: "a", count: 2_332)) == nil)
  }
}
