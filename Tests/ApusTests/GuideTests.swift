import Instruments
import Testing

@Suite struct `The guide to writing a function` {
  private static func text(_ path: String) throws -> String {
    let tree = #filePath.split(separator: "/", omittingEmptySubsequences: false).dropLast(3).joined(separator: "/")
    let (text, status) = try Shell.run("cat '\(tree)/\(path)' 2>&1")
    #expect(status == 0, "\(text)")
    return text
  }

  @Test(arguments: [
    "hello-world", "typed-json", "routes", "streaming", "secret", "lifecycle", "function-type", "testing-a-function",
  ]) func `shows the code that is compiled`(snippet: String) throws {
    let code = try Self.text("Snippets/\(snippet).swift")
    #expect(try Self.text("docs/guides/writing-a-function.md").contains("```swift\n\(code)```\n"))
  }

  @Test func `leads to a page that has every setting`() throws {
    let source = try Self.text("Sources/Apus/Runtime/FunctionSettings.swift")
    let page = try Self.text("docs/ENVIRONMENT.md")
    let names = source.matches(of: /(?:reader\.\w+\(|environment\[)"(\w+)"/).map { String($0.output.1) }
    #expect(names.contains("max_inflight"), "if nothing was found, this test could not fail")
    for name in names { #expect(page.contains("| `\(name)` |"), "\(name) is not in docs/ENVIRONMENT.md") }
  }
}
