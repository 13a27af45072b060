import ApusDeployment
import ApusStack
import Testing

/// Values were worked out with bash 5.2 (`printf %s "${V%%.*}"`), which drone/envsubst imitates, except where a row
/// says that it does not.
@Suite struct `A variable in a stack` {
  static let variables = [
    "V": "path/to.file.txt", "E": "", "W": "abcABC123ABCabc", "L": "éa", "N": "3", "U": "W",
  ]

  @Test(
    arguments: [
      ("${V}", "path/to.file.txt"), ("a${N}b${N}", "a3b3"), ("${E}", ""), ("$V", "$V"), ("$", "$"), ("a$", "a$"),
      ("$${V}", "${V}"), ("$$", "$"), ("$$$", "$$"), ("$$${N}", "$3"), ("$ {V}", "$ {V}"),
      ("${V:-d}", "path/to.file.txt"), ("${E:-d}", "d"), ("${X:-d}", "d"), ("${X:-}", ""), ("${X:=d}", "d"),
      ("${X=d}", "d"), ("${N=d}", "3"), ("${X:-a b:c}", "a b:c"), ("${X:-${N}}", "3"), ("${X:-<${Y:-${N}}>}", "<3>"),
      // Bash keeps an empty value here; drone/envsubst does not.
      ("${E=d}", "d"),
      ("${W^^}", "ABCABC123ABCABC"), ("${W,,}", "abcabc123abcabc"), ("${W^}", "AbcABC123ABCabc"),
      ("${V^}", "Path/to.file.txt"), ("${U,}", "w"), ("${L^}", "Éa"), ("${L^^}", "ÉA"), ("${E^}", ""),
      ("${V:5}", "to.file.txt"), ("${V:5:2}", "to"), ("${V:0:4}", "path"), ("${V:99}", ""),
      ("${V:5:99}", "to.file.txt"),
      ("${V:${N}:1}", "h"), ("${L:0:1}", "é"), ("${V:0:0}", ""),
      ("${#V}", "16"), ("${#E}", "0"), ("${#L}", "2"),
      ("${W/abc/x}", "xABC123ABCabc"), ("${W//abc/x}", "xABC123ABCx"), ("${W/#abc/x}", "xABC123ABCabc"),
      ("${W/%abc/x}", "abcABC123ABCx"), ("${W/zzz/x}", "abcABC123ABCabc"), ("${W/#ABC/x}", "abcABC123ABCabc"),
      ("${W//abc/}", "ABC123ABC"), (#"${V/\//-}"#, "path-to.file.txt"), ("${V/./${N}}", "path/to3file.txt"),
      ("${V#*/}", "to.file.txt"), ("${V#*.}", "file.txt"), ("${V##*.}", "txt"), ("${V%.*}", "path/to.file"),
      ("${V%%.*}", "path/to"), ("${V#path}", "/to.file.txt"), ("${V#nope}", "path/to.file.txt"),
      ("${V%.???}", "path/to.file"), ("${V##[a-z]*[/]}", "to.file.txt"), ("${V%%[^a-z]*}", "path"),
      ("${W%[abc]}", "abcABC123ABCab"), ("${W##*}", ""), (#"${V%\.txt}"#, "path/to.file"),
    ] as [(String, String)])
  func `has the value that its form asks for`(expression: String, value: String) throws {
    #expect(try Self.label(expression) == .success(value))
  }

  @Test(
    arguments: [
      ("${}", "${ is not followed by a name; write ${NAME}, or $${ if no variable is meant"),
      ("${ V}", "${ is not followed by a name; write ${NAME}, or $${ if no variable is meant"),
      (
        "${V-d}",
        "\"-d\" cannot follow the name of a variable; write ${NAME}, ${NAME:-default}, or $${ if no variable is meant"
      ),
      (
        "${V:?no}",
        "\":?no\" cannot follow the name of a variable; write ${NAME}, ${NAME:-default}, or $${ if no variable is meant"
      ),
      ("${V/a}", "the replacement is missing; write ${NAME/text/replacement}"),
      (
        "${V:x}",
        "\"x\" is not a place in a text; write ${NAME:START} or ${NAME:START:LENGTH} with whole numbers"
      ),
      (
        "${A:-${B:-${C:-${D:-${E:-${F:-${G:-${H:-${I}}}}}}}}}",
        "there are more than 8 expressions inside each other; set a variable to what is meant"
      ),
    ])
  func `is refused where it stands if it has no sense`(expression: String, text: String) throws {
    #expect(try Self.label(expression) == .failure(Refused(description: "s:3:30: error: \(text)")))
  }

  @Test(arguments: ["${", "${V", "${V\n", "${V:-x", "${#V", "${V//a/", "${V/a", "${V%", "${V:1:"])
  func `is refused if it is never closed`(expression: String) {
    let text = Array("# \(expression)".utf8)
    let error = #expect(throws: StackError.self) {
      try Stack.read(text, file: "s", environment: [:], files: Nothing())
    }
    let place = Place(file: "s", line: 1, column: 3)
    let advice = "${ is never closed; write ${NAME}, or $${ if no variable is meant"
    #expect(error?.diagnoses == [Diagnosis(.error, place, advice)])
  }

  @Test(arguments: ["${W//a/${BIG}}", "${X:-${BIG}${BIG}${BIG}}", "${BIG//b/${W}}"])
  func `is refused when it grows without bound`(expression: String) throws {
    let environment = ["BIG": String(repeating: "b", count: 500_000), "W": String(repeating: "a", count: 500)]
    guard case .failure(let refused) = try Self.label(expression, environment) else {
      Issue.record("accepted")
      return
    }
    #expect(refused.description.contains("the text has more than 1048576 bytes after substitution"))
  }

  @Test func `with a cruel pattern takes a bounded time`() throws {
    let environment = ["A": String(repeating: "a", count: 20_000) + "b"]
    #expect(try Self.label("${A##*a*a*a*a*a*a*c}", environment) == .success(environment["A"] ?? ""))
  }

  struct Refused: Error, Equatable { let description: String }

  /// The expression as a label of a stack, in which all but quotes can stand.
  static func label(
    _ expression: String, _ environment: [String: String] = variables
  ) throws -> Result<String, Refused> {
    let text = "provider: {name: openfaas}\nfunctions:\n  f: {image: a, labels: {a: '\(expression)'}}\n"
    do throws(StackError) {
      let stack = try Stack.read(Array(text.utf8), file: "s", environment: environment, files: Nothing())
      return .success(stack.functions[0].deployment.labels["a"] ?? "")
    } catch {
      return .failure(Refused(description: error.diagnoses.first { $0.severity == .error }?.description ?? ""))
    }
  }
}
