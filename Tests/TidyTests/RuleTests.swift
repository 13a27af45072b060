import Testing

@Suite struct `A rule of the house` {
  @Test(arguments: Sample.all) func `finds exactly the offences of a sample`(sample: Sample) throws {
    let rule = try #require(Rule.all.first { $0.name == sample.rule })
    let found = rule.check(SourceFile(path: sample.path, text: sample.text))
    #expect(Set(found.map(\.line)) == Set(sample.offends))
  }

  @Test(arguments: Rule.all) func `can fail`(rule: Rule) {
    #expect(Sample.all.contains { $0.rule == rule.name && !$0.offends.isEmpty })
  }
}

@Suite struct `A rule about the documents` {
  @Test(arguments: [
    ("[a](b.md)", true), ("[a](../LICENSE)", false), ("[a](../LICENSE#top)", false), ("[a](#here)", false),
    ("[a](https://example.org/x)", false), ("`[a](b.md)`", false), ("[a]: b.md", true), ("[a](../../up.md)", true),
    ("[a](../docs)", false), ("x [a](c.md \"t\") [b](b.md)", true), ("```\n[a](b.md)\n```", false),
  ])
  func `finds a dead link`(line: String, isDead: Bool) {
    let page = SourceFile(path: "docs/A.md", text: line)
    let offences = Documents.deadLinks(in: page) { ["LICENSE", "docs", "docs/c.md"].contains($0) }
    #expect(offences.isEmpty == !isDead)
  }

  @Test(arguments: [
    (["0001-a.md": "# 0001: A\n\n2026-11-21, in force.\n", "0002-b.md": "# 0002: B\n\n2026-11-22, see 0003."], 0),
    (["0001-a.md": "# 0001: A\n2026-11-21, in force.", "0003-b.md": "# 0003: B\n2026-11-21, in force."], 1),
    (["0001-a.md": "# 0001: A\n2026-11-21, in force.", "0001-b.md": "# 0001: B\n2026-11-21, in force."], 1),
    (["0001-a.md": "# 0001: A\nyesterday"], 1),
    (["0001-a.md": "# 1. A\n2026-11-21, in force."], 1),
  ])
  func `wants decisions numbered and dated`(pages: [String: String], offences: Int) {
    let files = pages.map { SourceFile(path: "docs/decisions/\($0.key)", text: $0.value) }
    #expect(Documents.decisionOffences(files).count == offences)
  }

  @Test func `finds an error without words`() {
    let text =
      "package enum A: Error, Sendable {\nstruct B: Error, CustomStringConvertible {\nenum C: Error {\n"
      + "extension A.C: CustomStringConvertible {\nenum Error {\nfinal class D: Swift.Error {\n"
    #expect(SpokenErrors.offences(in: [SourceFile(path: "A.swift", text: text)]).map(\.line) == [1, 6])
  }

  @Test func `finds a variable without a row`() {
    let table = SourceFile(path: "docs/ENVIRONMENT.md", text: "| `port` | 8080 |")
    let source = SourceFile(
      path: "Sources/Apus/A.swift",
      text: "let a = environment[\"port\"]\nlet b = getenv(\"PATH\")\n// getenv(\"HOME\")")
    #expect(Documents.undocumentedVariables(in: source, table: table).map(\.line) == [2])
  }

  @Test func `finds a metric that no page has`() {
    let table = SourceFile(path: "docs/METRICS.md", text: "| `apus_known_total` | | |")
    let source = SourceFile(
      path: "Sources/Apus/A.swift",
      text: "registry.counters(\"apus_known_total\")\nregistry.gauge(\n  \"apus_new\")\ntext.header(\"apus_other\")")
    #expect(Documents.undocumentedMetrics(in: source, table: table).map(\.line) == [2, 4])
  }

  @Test func `finds a source outside every target`() {
    let manifest = Manifest(
      text: """
          library("ApusIO"),
          systemLibrary("CYAML", pkgConfig: "yaml-0.1", apt: "libyaml-dev"),
          executable("hello", ["Apus"], path: "Functions/hello"),
          part(of: "greet", "Greeting", []),
          function("greet", ["Greeting"]),
          tests("TidyTests", []),
        """)
    let paths = [
      "Sources/ApusIO/Deep/A.swift", "Sources/CModules/CYAML/shim.h", "Functions/hello/A.swift",
      "Tests/TidyTests/A.swift", "Functions/greet/Sources/Greeting/A.swift", "Functions/greet/Sources/greet/main.swift",
      "Sources/Apus/A.swift", "Sources/Loose.swift", "Sources/CModules/CLinux/a.c", "Tests/ApusIOTests/A.swift",
      "Functions/greet/Sources/Other/A.swift",
    ]
    let files = paths.map { SourceFile(path: $0, text: "") }
    #expect(manifest.orphans(among: files).map(\.path) == Array(paths[6...]))
  }
}
