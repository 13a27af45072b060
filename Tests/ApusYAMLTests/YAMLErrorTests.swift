import ApusYAML
import Testing

@Suite struct `A YAML error` {
  @Test(arguments: [
    (
      "a: 1\n\tb: 2\n", 2, 1,
      #"found a tab character that violates indentation while scanning a plain scalar that begins on line 1"#,
      #"indent with spaces, not tabs"#
    ),
    (
      "a: b: c\n", 1, 5,
      #"mapping values are not allowed in this context"#,
      #"check the indentation, and quote a value that holds ": ""#
    ),
    (
      "a: 1\nb\nc: 2\n", 2, 1,
      #"could not find expected ':' while scanning a simple key"#,
      #"write "key: value", with a space after the colon, and quote what is not a key"#
    ),
    (
      "a: 1\n b: 2\n", 2, 3,
      #"mapping values are not allowed in this context"#,
      #"check the indentation, and quote a value that holds ": ""#
    ),
    (
      "a:\n  - 1\n - 2\n", 3, 2,
      #"did not find expected key while parsing a block mapping that begins on line 1"#,
      #"begin all keys of a mapping in the same column, and quote a whole value, not a part of it"#
    ),
    (
      "a: [1, 2\nb: 3\n", 2, 2,
      #"did not find expected ',' or ']' while parsing a flow sequence that begins on line 1"#,
      #"put a comma between the items, and close the list with ]"#
    ),
    (
      "a: {b: 1\nc: 3\n", 2, 2,
      #"did not find expected ',' or '}' while parsing a flow mapping that begins on line 1"#,
      #"put a comma between the entries, and close the mapping with }"#
    ),
    (
      "a: \"x\nb: 1\n", 1, 4,
      #"found unexpected end of stream while scanning a quoted scalar"#,
      #"close the quotes"#
    ),
    (
      "a: 'x", 1, 4,
      #"found unexpected end of stream while scanning a quoted scalar"#,
      #"close the quotes"#
    ),
    (
      "a: \"\\q\"\n", 1, 5,
      #"found unknown escape character while parsing a quoted scalar"#,
      #"write \\ for a backslash, or use single quotes"#
    ),
    (
      "a: 'x' y\n", 1, 8,
      #"did not find expected key while parsing a block mapping"#,
      #"begin all keys of a mapping in the same column, and quote a whole value, not a part of it"#
    ),
    (
      "a: - 1\n", 1, 4,
      #"block sequence entries are not allowed in this context"#,
      #"begin the list on a line of its own, below its key"#
    ),
    (
      "a: @x\n", 1, 4,
      #"found character that cannot start any token while scanning for the next token"#,
      #"indent with spaces, not tabs, and quote a value that begins with @, ` or %"#
    ),
    (
      "a: %x\n", 1, 4,
      #"found character that cannot start any token while scanning for the next token"#,
      #"indent with spaces, not tabs, and quote a value that begins with @, ` or %"#
    ),
    (
      "a: 1\n...\nb\nc: 1\n", 3, 1,
      #"did not find expected <document start>"#,
      #"put --- between documents, and indent what belongs to the value above"#
    ),
    (
      "%YAML 2.0\n---\na", 1, 1,
      #"found incompatible YAML document"#,
      #"write %YAML 1.2, or leave the line out"#
    ),
    (
      "a: !x!y z\n", 1, 4,
      #"found undefined tag handle while parsing a node"#,
      #"declare it with %TAG, or quote a value that begins with !"#
    ),
    (
      "a: & x\n", 1, 5,
      #"did not find expected alphabetic or numeric character while scanning an anchor"#,
      #"give the anchor or alias a name of letters, digits, - and _, or quote a value that begins with & or *"#
    ),
    (
      "a: |\n\t x\n", 2, 1,
      #"found a tab character where an indentation space is expected while scanning a block scalar"#
        + " that begins on line 1",
      #"indent with spaces, not tabs"#
    ),
    (
      "]", 1, 1,
      #"did not find expected node content while parsing a block node"#,
      #"check the indentation and the quotes here"#
    ),
    (
      "a: é\nb: \u{7}\n", 2, 4,
      #"control characters are not allowed (0x7)"#,
      #"save the file as UTF-8 text, without control characters"#
    ),
    (
      "a: 1\nb: 2\n\"a\": 3\n", 3, 1,
      #"the key "a" is on line 1 and again on line 3"#,
      #"keep one of the two"#
    ),
    (
      "f:\n  x: {k: 1, k: 2}\n", 2, 13,
      #"the key "k" is on line 2 and again on line 2"#,
      #"keep one of the two"#
    ),
    (
      "[a]: 1\n", 1, 1,
      #"a list or mapping stands where a key is expected"#,
      #"use text as the key, and quote it if it begins with [ or {"#
    ),
    (
      "? {a: 1}\n: 2\n", 1, 3,
      #"a list or mapping stands where a key is expected"#,
      #"use text as the key, and quote it if it begins with [ or {"#
    ),
    (
      "a: &x [1]\n*x : 2\n", 2, 1,
      #"the alias *x stands where a key is expected, and is a list or mapping"#,
      #"use text as the key"#
    ),
    (
      "a: *x\n", 1, 4,
      #"the alias *x has no anchor &x above it in this document"#,
      #"name the value with &x, or quote a text that begins with *"#
    ),
    (
      "a: &x 1\n---\nb: *x\n", 3, 4,
      #"the alias *x has no anchor &x above it in this document"#,
      #"name the value with &x, or quote a text that begins with *"#
    ),
    (
      "a: &x\n  - *x\n", 2, 5,
      #"the alias *x stands inside the value that &x names"#,
      #"a value cannot contain itself: write out what is meant"#
    ),
  ])
  func `says where, what and what to do`(text: String, line: Int, column: Int, what: String, advice: String) {
    let error = #expect(throws: YAMLError.self) { try YAMLParser.parse(text) }
    #expect(error.map { "\($0)" } == "line \(line), column \(column): \(what); \(advice)")
  }

  @Test func `names the line of both duplicate keys and shows the key on one line`() {
    let error = #expect(throws: YAMLError.self) { try YAMLParser.parse("\"a\\n\": 1\n\n\n\"a\\n\": 2\n") }
    #expect(error?.kind == .duplicateKey)
    #expect(error?.what == #"the key "a\u{a}" is on line 1 and again on line 4"#)
  }
}
