import ApusModel
import Testing

@Suite struct `A function name` {
  @Test(arguments: [
    ("hello", "hello", "openfaas-fn"), ("hello.openfaas-fn", "hello", "openfaas-fn"), ("a.b", "a", "b"),
    ("0-9", "0-9", "openfaas-fn"),
    (String(repeating: "a", count: 63), String(repeating: "a", count: 63), "openfaas-fn"),
  ])
  func `is split at the last dot`(text: String, name: String, namespace: String) throws {
    let function = try FunctionName(text)
    #expect(function.name == name)
    #expect(function.namespace == namespace)
    #expect(function.qualified == "\(name).\(namespace)")
  }

  @Test(arguments: ["", nil] as [String?])
  func `lives in the default namespace when a deployment names none`(namespace: String?) throws {
    #expect(try FunctionName(name: "hello", namespace: namespace) == FunctionName("hello"))
    #expect(try FunctionName(name: "hello", namespace: namespace, default: "dev") == FunctionName("hello.dev"))
  }

  @Test func `is shown without the default namespace only`() throws {
    #expect(try FunctionName("hello.openfaas-fn").description == "hello")
    #expect(try FunctionName("hello.dev").description == "hello.dev")
  }

  @Test(arguments: [
    "", ".", "hello.", ".dev", "a.b.c", "Hello", "hello_1", "-hello", "hello-", "he llo", "hello/..", "hello\n", "é",
    "ａ",
    "hello.Dev", "hello.-dev", String(repeating: "a", count: 64), "a." + String(repeating: "a", count: 64),
  ])
  func `is refused when a part is not a DNS label`(text: String) {
    #expect(throws: NameError.self) { try FunctionName(text) }
  }

  @Test(arguments: [
    ("Hello", #"the function name "Hello" cannot have "H" at position 1; "#),
    ("a-", #"the function name "a-" cannot have "-" at position 2; "#),
    ("aé\n", #"the function name "aé\u{a}" cannot have "é" at position 2; "#),
    ("", "the function name is empty; "), ("hello.", "the namespace is empty; "),
  ])
  func `is refused with its first wrong character and the rule`(text: String, beginning: String) {
    let error = #expect(throws: NameError.self) { try FunctionName(text) }
    let rule = #"use lower-case letters, digits and "-", and begin and end with a letter or digit"#
    #expect(error.map { "\($0)" } == beginning + rule)
  }
}

@Suite struct `A secret name` {
  @Test(arguments: ["db", "db.password", "a-1.b-2", "0", String(repeating: "a", count: 253)])
  func `is a DNS subdomain`(text: String) throws {
    #expect(try SecretName(text).text == text)
  }

  @Test(arguments: [
    "", ".", "..", "a..b", ".a", "a.", "a.-b", "a-.b", "A", "a_b", "a/b", "../etc", String(repeating: "a", count: 254),
  ])
  func `is refused when it could be a path or is not a subdomain`(text: String) {
    #expect(throws: NameError.self) { try SecretName(text) }
  }
}

@Suite struct `Text quoted in a message` {
  @Test(arguments: [
    ("plain é 漢", #""plain é 漢""#), ("a\"b\\c", #""a\"b\\c""#), ("\r\n\u{1B}[31m", #""\u{d}\u{a}\u{1b}[31m""#),
    ("\u{202E}x\u{2028}", #""\u{202e}x\u{2028}""#), ("", #""""#),
    (String(repeating: "x", count: 81), "\"" + String(repeating: "x", count: 80) + "…\""),
    (String(repeating: "x", count: 80), "\"" + String(repeating: "x", count: 80) + "\""),
  ])
  func `stays on one line and visible`(text: String, shown: String) {
    #expect("\(QuotedText(text))" == shown)
  }
}
