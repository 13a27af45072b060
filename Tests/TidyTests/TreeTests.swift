import Foundation
import Testing

@Suite struct `The tree` {
  let tree: Tree

  init() throws { tree = try Tree.shared.get() }

  @Test(arguments: Rule.all) func `keeps the rule that`(rule: Rule) {
    expectNone(tree.files.flatMap { rule.check($0) })
  }

  @Test func `is the one these rules are about`() {
    // If the walk found nothing, every other test here would pass.
    #expect(tree.file("Package.swift") != nil)
    #expect(tree.files.contains { $0.path.hasPrefix("Sources/ApusIO/") })
    #expect(tree.files.contains { $0.path == "Tests/TidyTests/TreeTests.swift" })
  }

  @Test func `has no source outside a target`() throws {
    let manifest = try #require(tree.file("Package.swift"))
    expectNone(Manifest(text: manifest.lines.joined(separator: "\n")).orphans(among: tree.files))
  }

  @Test func `has no dead link`() {
    let pages = tree.files.filter(\.isMarkdown)
    #expect(!pages.isEmpty)
    expectNone(pages.flatMap { Documents.deadLinks(in: $0) { tree.paths.contains($0) } })
  }

  @Test func `numbers and dates its decisions`() {
    let pages = tree.files.filter { $0.isUnder("docs/decisions/") && $0.isMarkdown }
    #expect(!pages.isEmpty)
    expectNone(Documents.decisionOffences(pages))
  }

  @Test func `documents every environment variable it reads`() throws {
    let table = try #require(tree.file("docs/ENVIRONMENT.md"))
    let sources = tree.files.filter { $0.isSwift && $0.isUnder("Sources/", "Functions/") }
    expectNone(sources.flatMap { Documents.undocumentedVariables(in: $0, table: table) })
  }

  @Test func `documents every metric it shows`() throws {
    let table = try #require(tree.file("docs/METRICS.md"))
    let sources = tree.files.filter { $0.isSwift && $0.isUnder("Sources/") }
    expectNone(sources.flatMap { Documents.undocumentedMetrics(in: $0, table: table) })
  }

  @Test func `says in words what every error is`() {
    let sources = tree.files.filter { $0.isSwift && $0.isUnder("Sources/", "Functions/") }
    expectNone(SpokenErrors.offences(in: sources))
  }

  private func expectNone(_ offences: [Offence], at location: SourceLocation = #_sourceLocation) {
    let list = offences.map(\.description).joined(separator: "\n")
    #expect(offences.isEmpty, "\(offences.count) offences:\n\(list)", sourceLocation: location)
  }
}
