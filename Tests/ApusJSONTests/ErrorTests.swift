import ApusJSON
import Testing

@Suite struct `A JSON error` {
  @Test(arguments: [
    ("", "line 1, column 1: the document is empty; send at least one value, such as null"),
    ("\u{FEFF}1", "line 1, column 1: the document starts with a byte order mark; send UTF-8 without one"),
    ("[1,\n  2,]", "line 2, column 5: expected a value, found `]`"),
    ("[\"éé\",nope]", "line 1, column 7: expected a value, found `nope`"),
    ("[1 2]", "line 1, column 4: expected `,` or `]`, found `2`"),
    ("{\"a\":1;}", "line 1, column 7: expected `,` or `}`, found `;`"),
    ("{a:1}", "line 1, column 2: expected a key in quotes, found `a`"),
    ("{\"a\"=1}", "line 1, column 5: expected `:`, found `=`"),
    ("[\u{1}]", "line 1, column 2: expected a value, found byte 0x01"),
    ("[1", "line 1, column 3: the document ends where `,` or `]` was expected; it may have been cut"),
    ("\"abc", "line 1, column 5: the document ends where the end of a string was expected; it may have been cut"),
    ("1 2", "line 1, column 3: expected the end of the document, found `2`; send one value only"),
    ("\"a\tb\"", "line 1, column 3: control character 0x09 in a string; escape it"),
    (#""\q""#, #"line 1, column 2: `\q` is no escape; use one of \" \\ \/ \b \f \n \r \t \uXXXX"#),
    (#""\u12x4""#, #"line 1, column 2: `\u12x4` is no escape; use one of \" \\ \/ \b \f \n \r \t \uXXXX"#),
    (
      #""\ud800!""#,
      #"line 1, column 2: `\ud800` is half of a surrogate pair; write both halves or the character itself"#
    ),
    ("-x", "line 1, column 2: malformed number: no digit after the minus sign"),
    ("[012]", "line 1, column 2: malformed number: a leading zero"),
    ("1.e5 ", "line 1, column 3: malformed number: no digit after the point"),
    ("1e+ ", "line 1, column 4: malformed number: no digit in the exponent"),
    ("1e", "line 1, column 3: the document ends where a digit was expected; it may have been cut"),
    ("[1e999]", "line 1, column 2: the number is larger than a Double can hold; send it as a string"),
    (
      "{\"a\":1,\n\"a\":2}",
      "line 2, column 1: the key \"a\" occurs twice in one object; readers differ on which one counts, so keep one"
    ),
  ])
  func `names the fault of a text`(_ text: String, _ message: String) {
    #expect(refusal { try JSON.parse(Array(text.utf8)) } == message)
  }

  @Test func `names bytes and limits`() {
    #expect(
      refusal { try JSON.parse([0x22, 0xFF, 0x22]) }
        == "line 1, column 2: byte 0xFF is not valid UTF-8 here; send the text as UTF-8")
    #expect(
      refusal { try JSON.parse(Array("[[[]]]".utf8), limits: .init(depth: 2)) }
        == "line 1, column 3: nested deeper than the limit of 2 levels; flatten the value")
    #expect(
      refusal { try JSON.parse([0x30, 0x30], limits: .init(bytes: 1)) }
        == "the document has 2 bytes, above the limit of 1; send less")
  }

  @Test(arguments: [
    (
      #"{"orders":[{"price":1,"quantity":1},{"price":"x"}]}"#,
      "line 1, column 46, at `orders[1].price`: expected a number, found a string"
    ),
    (#"[]"#, "line 1, column 1, at the outermost value: expected an object, found an array"),
    (#"{"orders":{}}"#, "line 1, column 11, at `orders`: expected an array, found an object"),
    (#"{"orders":null}"#, "line 1, column 11, at `orders`: expected an array, found null"),
    (#"{"orders":[1]}"#, "line 1, column 12, at `orders[0]`: expected an object, found a number"),
    (
      #"{"orders":[{"price":1}]}"#,
      "line 1, column 12, at `orders[0]`: the key \"quantity\" is missing; it is required"
    ),
    (#"{"orders":[{"price":1,"quantity":-1}]}"#, "line 1, column 34, at `orders[0].quantity`: -1 does not fit UInt16"),
    (
      #"{"orders":[{"price":1,"quantity":1.5}]}"#,
      "line 1, column 34, at `orders[0].quantity`: 1.5 is not a whole number, which UInt16 needs"
    ),
    (#"{"orders":[],"flags":[true,0]}"#, "line 1, column 28, at `flags[1]`: expected true or false, found a number"),
    (
      #"{"orders":[],"names":{"x-y":{"1":false}}}"#,
      "line 1, column 34, at `names[\"x-y\"].1`: expected a string, found false"
    ),
    (
      #"{"orders":[],"pair":[1]}"#, "line 1, column 21, at `pair`: expected another element, the array has only 1"
    ),
    (#"{"orders":[],"ratio":1e39}"#, "line 1, column 22, at `ratio`: 1e39 does not fit Float"),
    (#"{"orders":[],"failing":[{},7]}"#, "line 1, column 25, at `failing[0]`: not today"),
    (
      #"{"orders":[],"size":"huge"}"#,
      "line 1, column 21, at `size`: Cannot initialize Size from invalid String value huge"
    ),
  ])
  func `names the place that does not suit the type`(_ text: String, _ message: String) {
    #expect(refusal { try JSONCodec.decode(Everything.self, from: Array(text.utf8)) } == message)
  }

  @Test func `names the value that cannot be written`() {
    let nan = Everything(orders: [Shop.Order(price: .nan, quantity: 1)])
    #expect(
      refusal { try JSONCodec.encode(nan) }
        == "at `orders[0].price`: nan cannot be written in JSON; encode null or a string instead")
    #expect(
      refusal { try JSONCodec.encode(["a b": [Float.infinity]]) }
        == "at `[\"a b\"][0]`: inf cannot be written in JSON; encode null or a string instead")
    #expect(
      refusal { try JSON.object([("a", 1), ("b", 2), ("a", 3)]).serialise() }
        == "at the outermost value: the key \"a\" occurs twice in one object; readers differ on which one counts, "
        + "so keep one")
    #expect(
      refusal { try JSONCodec.encode(Nothing()) }
        == "at the outermost value: the value encoded nothing; ask its encoder for a container, even an empty one")
    #expect(refusal { try JSONCodec.encode(["x": [Failing()]]) } == "at `x[0]`: not this one")
    #expect(
      refusal { try JSONCodec.encode([[[1]]], depth: 2) }
        == "at `[0][0]`: nested deeper than the limit of 2 levels; flatten the value")
    #expect(
      refusal { try JSONCodec.encode(["a": Undecided()]) }
        == "at `a`: one value asked its encoder for two kinds of container; "
        + "a value is an object, an array or a scalar")
    #expect(
      refusal { try JSONCodec.encode(["a": Meddler()]) }
        == "at `a.second.x`: a container was used while another value was being written; "
        + "use it inside its own encode(to:)")
  }

  @Test func `cuts and quotes keys that strangers chose`() {
    let key = String(repeating: "k", count: 10_000)
    let message = refusal { try JSONCodec.decode([String: Int].self, from: Array("{\"\(key)\\n\":true}".utf8)) }
    #expect(message.utf8.count < 200)
    #expect(
      refusal { try JSONCodec.decode([String: Int].self, from: Array(#"{"a\nb\"":true}"#.utf8)) }.contains(#"\u{a}"#))
  }

  @Test func `of the type itself passes unchanged`() {
    struct Own: Codable {
      struct Refusal: Error {}
      init(from decoder: any Decoder) throws { throw Refusal() }
      init() {}
      func encode(to encoder: any Encoder) throws { throw Refusal() }
    }
    #expect(throws: Own.Refusal.self) { try JSONCodec.decode([Own].self, from: Array("[0]".utf8)) }
    #expect(throws: Own.Refusal.self) { try JSONCodec.encode([Own()]) }
  }

  private func refusal<T>(_ body: () throws -> T) -> String {
    do {
      _ = try body()
      return "no error"
    } catch {
      return "\(error)"
    }
  }
}
