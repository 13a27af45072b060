import ApusHTTP
import Testing

@Suite struct `A list of fields` {
  @Test func `is searched by name in any case, the first value first`() throws {
    var fields = Fields()
    try fields.append("X-One", "1")
    try fields.append("content-TYPE", "text/plain")
    try fields.append("x-one", "2")
    #expect(fields.count == 3)
    #expect(fields["X-ONE"] == "1")
    #expect(fields.values("x-One") == ["1", "2"])
    #expect(fields[.contentType] == "text/plain")
    #expect(fields["Content-Type"] == "text/plain")
    #expect(fields.contains(.contentType))
    #expect(fields["X-Two"] == nil)
    #expect(fields[.other] == nil)
    #expect(!fields.contains(.other))
    #expect(fields.withValue(.contentType) { $0?.count } == 10)
    #expect(fields.withValue(.host) { $0?.count } == nil)
  }

  @Test func `replaces and removes all of a name`() throws {
    var fields = Fields()
    for (name, value) in [("A", "1"), ("B", "2"), ("a", "3"), ("Host", "x"), ("HOST", "y")] {
      try fields.append(name, value)
    }
    try fields.set("a", "4")
    #expect(WireTranscript.describe(fields) == "[a=4(other)|B=2(other)|Host=x(host)|HOST=y(host)]")
    try fields.set(.host, "z")
    #expect(fields.values("host") == ["z"])
    fields.remove("A")
    fields.remove(.host)
    #expect(WireTranscript.describe(fields) == "[B=2(other)]")
    try fields.set("C", "5")
    #expect(fields["c"] == "5")
    fields.removeAll()
    #expect(fields.isEmpty)
    #expect(fields["B"] == nil)
  }

  @Test func `leaves a copy as it was`() throws {
    var fields = Fields()
    try fields.append("A", "1")
    let copy = fields
    try fields.set("A", "2")
    fields.remove("B")
    #expect(copy["A"] == "1")
  }

  @Test func `stays small when a field is set again and again`() throws {
    var fields = Fields()
    try fields.append("Kept", "here")
    for number in 0..<20_000 { try fields.set("Count", String(number)) }
    #expect(fields["Count"] == "19999")
    #expect(fields["Kept"] == "here")
  }

  @Test(arguments: 0...255)
  func `takes in a name what RFC 9110 calls tchar`(_ byte: Int) {
    let allowed = Set("!#$%&'*+-.^_`|~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz".utf8)
    let name: [UInt8] = [0x78, UInt8(byte), 0x78]
    var fields = Fields()
    let error = name.withUnsafeBytes { bytes -> FieldError? in
      do throws(FieldError) {
        try fields.append(bytes: bytes, bytes)
        return nil
      } catch { return error }
    }
    if allowed.contains(UInt8(byte)) {
      #expect(error == nil)
    } else {
      #expect(error == .invalidName)
      #expect(fields.isEmpty)
    }
  }

  @Test(arguments: 0...255)
  func `takes in a value all but control characters, TAB excepted`(_ byte: Int) {
    // Every place within and behind a step of eight bytes.
    for place in 1..<18 {
      var value = [UInt8](repeating: 0x78, count: 19)
      value[place] = UInt8(byte)
      var fields = Fields()
      let error = value.withUnsafeBytes { bytes -> FieldError? in
        do throws(FieldError) {
          try fields.append(.cookie, bytes: bytes)
          return nil
        } catch { return error }
      }
      let isAllowed = byte == 9 || (byte >= 32 && byte != 127)
      #expect((error == nil) == isAllowed, "byte \(byte) at \(place)")
    }
  }

  @Test(arguments: ["a\r\nSet-Cookie: x", "a\nb", "a\rb", "a\0b", "\u{7F}"])
  func `refuses a value that could forge an answer`(_ value: String) {
    var fields = Fields()
    #expect(throws: FieldError.invalidValue) { try fields.append(.location, value) }
    #expect(throws: FieldError.invalidValue) { try fields.append("X", value) }
    #expect(throws: FieldError.invalidValue) { try fields.set("X", value) }
    #expect(throws: FieldError.invalidName) { try fields.append(value, "x") }
    #expect(fields.isEmpty)
  }

  @Test func `drops blanks around a value`() throws {
    var fields = Fields()
    try fields.append("A", " \t 1 2\t ")
    try fields.append("B", "  ")
    #expect(WireTranscript.describe(fields) == "[A=1 2(other)|B=(other)]")
  }
}
