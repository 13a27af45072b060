import ApusYAML
import Testing

@Suite struct `A YAML parser` {
  @Test(arguments: [
    ("", []), ("# only a comment\n", []), ("\u{FEFF}", []), ("a", ["a"]), ("\u{FEFF}a: b", ["{a: b}"]),
    ("a: 1\nb: 'x'\nc: \"y\\n\"\n", ["{a: 1, b: \"x\", c: \"y\n\"}"]),
    ("- a\n-\n- - b\n  - c\n", ["[a, , [b, c]]"]), ("{a: [1, 2,], b: {}}", ["{a: [1, 2], b: {}}"]),
    ("a:\n- 1\n- 2\n", ["{a: [1, 2]}"]), ("a: |\n  one\n  two\nb: >-\n  x\n  y\n", ["{a: \"one\ntwo\n\", b: \"x y\"}"]),
    ("---\na\n---\nb\n...\n", ["a", "b"]), ("---\n---\n", ["", ""]), ("%YAML 1.2\n---\na: b", ["{a: b}"]),
    ("a: !!str 1\nb: !custom x", ["{a: !tag:yaml.org,2002:str 1, b: !!custom x}"]),
    ("'a': 1\n? b\n: 2", ["{\"a\": 1, b: 2}"]),
    ("a: &x 1\nb: *x\n", ["{a: 1, b: 1}"]),
    ("a: &x {k: [v]}\nb: *x\nc: [*x]", ["{a: {k: [v]}, b: {k: [v]}, c: [{k: [v]}]}"]),
    ("&k a: 1\nb: *k", ["{a: 1, b: a}"]), ("a: &x 1\nb: &x 2\nc: *x", ["{a: 1, b: 2, c: 2}"]),
    ("a: yes # it is\nb: a#b\nc: http://x:80/", ["{a: yes, b: a#b, c: http://x:80/}"]),
    ("a: é漢🐦", ["{a: é漢🐦}"]),
    ("a:\r\n  b: 1\r\n", ["{a: {b: 1}}"]), ("\"\\u00e9\\x41\\0\"", ["\"éA\0\""]),
  ])
  func `reads documents`(text: String, documents: [String]) throws {
    #expect(try YAMLParser.parse(text).map(outline) == documents)
  }

  @Test func `reads a stack as faas-cli writes it`() throws {
    let text = """
      version: 1.0
      provider:
        name: openfaas
      functions:
        hello:
          image: example/hello:latest
          labels: {x: true, y: 1}
          environment:
            greeting: "no"
          secrets:
            - key
      """
    let stack = try #require(try YAMLParser.parse(text).first)
    let hello = try #require(stack["functions"]?["hello"])
    #expect(stack["version"]?.text == "1.0")
    #expect(hello["labels"]?.entries?.map { $0.value.text } == ["true", "1"])
    #expect(hello["environment"]?["greeting"]?.text == "no")
    #expect(hello["secrets"]?.items?.map(\.text) == ["key"])
    #expect(hello["absent"] == nil)
    #expect([hello.line, hello.column] == [6, 5])
  }

  @Test func `knows line and column of every node, in characters`() throws {
    let text = "é: [a, \"漢\", b]\n\n# comment\nmap:\n  key:   value\nalias: &x\n  - 1\nuse: *x\n"
    let root = try #require(try YAMLParser.parse("\u{FEFF}" + text).first)
    func place(_ node: YAMLNode?) -> [Int] { [node?.line ?? 0, node?.column ?? 0] }
    #expect(place(root) == [1, 1])
    #expect(root["é"]?.items?.map(place) == [[1, 5], [1, 8], [1, 13]])
    #expect(root.entries?.map { place($0.key) } == [[1, 1], [4, 1], [6, 1], [8, 1]])
    #expect(place(root["map"]?["key"]) == [5, 10])
    #expect(place(root["use"]?.items?.first) == [7, 5], "a node keeps the place where its text stands")
  }

  @Test func `reads bytes as it reads text`() throws {
    #expect(try YAMLParser.parse(bytes: Array("a: [é]".utf8)) == YAMLParser.parse("a: [é]"))
    #expect(try YAMLParser.parse(bytes: []) == [])
  }
}
