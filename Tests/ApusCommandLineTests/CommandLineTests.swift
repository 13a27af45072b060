import ApusCommandLine
import Testing

@Suite struct `A command line` {
  private static let defaults = [
    "port": "8080", "labels": "[]", "format": "-", "wait": "-1", "detach": "false", "color": "true", "functions": "[]",
    "gateway": "http://127.0.0.1:8080",
  ]

  /// The report of `up` when only these values differ from the defaults.
  private static func report(_ changes: [String: String]) -> String {
    ["port", "labels", "format", "wait", "detach", "color", "functions", "gateway"]
      .map { "\($0)=\(changes[$0] ?? defaults[$0] ?? "?")" }.joined(separator: " ")
  }

  @Test(
    arguments: [
      ("up", [:]), ("up --port 1", ["port": "1"]), ("up --port=1", ["port": "1"]), ("up -p 1", ["port": "1"]),
      ("up -p1", ["port": "1"]), ("up -p=1", ["port": "1"]), ("up -p 1 --port 2", ["port": "2"]),
      ("up -d", ["detach": "true"]),
      ("up --detach=false", ["detach": "false"]), ("up --detach=true", ["detach": "true"]),
      ("up --no-color", ["color": "false"]),
      ("up --no-color --color", ["color": "true"]), ("up -dp 9", ["detach": "true", "port": "9"]),
      ("up -dp9 a", ["detach": "true", "port": "9", "functions": #"["a"]"#]),
      ("up -l a=1 --label b=2 --label=c=3", ["labels": #"["a=1", "b=2", "c=3"]"#]),
      ("up --label=", ["labels": #"[""]"#]),
      ("up a b", ["functions": #"["a", "b"]"#]), ("up a -d b", ["functions": #"["a", "b"]"#, "detach": "true"]),
      ("up -- -d --port", ["functions": #"["-d", "--port"]"#]), ("up -", ["functions": #"["-"]"#]),
      ("up -- a --", ["functions": #"["a", "--"]"#]), ("up --format json", ["format": "json"]),
      ("up --wait 30s", ["wait": "30"]),
      ("up --wait -5s", ["wait": "-5"]), ("-g http://x up", ["gateway": "http://x"]),
      ("up -g http://x", ["gateway": "http://x"]),
      ("--gateway=a up --gateway b", ["gateway": "b"]), ("up --debug-internals", [:]), ("-- up", [:]),
      ("up --label -x", ["labels": #"["-x"]"#]),
    ] as [(String, [String: String])])
  func `gives the command its values`(line: String, changes: [String: String]) async {
    let words = line.split(separator: " ").map(String.init)
    let result = await SampleProgram.run(words)
    #expect(result == SampleProgram.Result(report: Self.report(changes)))
  }

  @Test(arguments: [
    ("invoke hello", "hello -"), ("invoke hello body.json", "hello body.json"), ("invoke hello -", "hello -"),
    ("secret list", #"list at ["apus", "secret", "list"] http://127.0.0.1:8080"#),
    ("secret -g http://x create --from-file f db", "create db f http://x"),
  ])
  func `reaches commands at any depth`(line: String, report: String) async {
    let result = await SampleProgram.run(line.split(separator: " ").map(String.init))
    #expect(result == SampleProgram.Result(report: report))
  }

  @Test(
    arguments: [
      ("up", ["port": "1"], ["port": "1"]), ("up -p 2", ["port": "1"], ["port": "2"]), ("up", ["port": ""], [:]),
      ("up -p 2", ["port": "x"], ["port": "2"]), ("up", ["COLOR": "0"], ["color": "false"]),
      ("up --color", ["COLOR": "0"], [:]),
      ("up", ["OPENFAAS_URL": "http://y"], ["gateway": "http://y"]),
    ] as [(String, [String: String], [String: String])])
  func `falls back to the environment, then to defaults`(
    line: String, environment: [String: String], changes: [String: String]
  ) async {
    let result = await SampleProgram.run(line.split(separator: " ").map(String.init), environment: environment)
    #expect(result == SampleProgram.Result(report: Self.report(changes)))
  }

  @Test(
    arguments: [
      ("error", 1, "apus: the sample failed; run it otherwise\n"), ("status", 7, ""),
      (
        "usage", 2,
        "apus fail: --replace and --update exclude each other\nRun \"apus fail --help\" for how to use it.\n"
      ),
    ] as [(String, Int32, String)])
  func `ends with the status of what the command throws`(kind: String, status: Int32, message: String) async {
    let result = await SampleProgram.run(["fail", kind])
    #expect(result == SampleProgram.Result(status: status, error: message))
  }

  @Test func `shows the version`() async {
    #expect(await SampleProgram.run(["--version"]) == SampleProgram.Result(output: "apus 1.2.3\n"))
  }
}
