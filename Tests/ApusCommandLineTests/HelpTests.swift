import ApusCommandLine
import Testing

@Suite struct `Help` {
  static let ofProgram = """
    Usage: apus [OPTIONS] COMMAND

    Serverless functions in Swift.

    Commands:
      up                 Start the runtime and the functions of the stack
      invoke             Call a function
      secret             Manage secrets
      completion         Print a script that completes this program's words in a
                         shell
      help               Explain a command

    Options:
      -g, --gateway URL  Address of the gateway (default: http://127.0.0.1:8080;
                         environment: OPENFAAS_URL)
      -h, --help         Show this help
          --version      Show the version

    Run "apus help COMMAND" for more about a command.

    """

  static let ofUp = """
    Usage: apus up [OPTIONS] [FUNCTION...]

    Start the runtime and the functions of the stack.

    Builds what has changed, starts the gateway, and deploys the functions of
    stack.yml that are named, or all of them.

      apus up --port 9000 hello

    Arguments:
      FUNCTION...          Functions to start; all if none is named

    Options:
      -p, --port N         TCP port (default: 8080; environment: port)
      -l, --label K=V      Label of each function (may be repeated)
          --format WORD    How to print (one of plain, json)
          --wait DURATION  How long to wait until all functions are ready
      -d, --detach         Return once everything is up
          --[no-]color     Use colours (on by default; environment: COLOR)
      -h, --help           Show this help

    Options of every command:
      -g, --gateway URL    Address of the gateway (default: http://127.0.0.1:8080;
                           environment: OPENFAAS_URL)

    """

  static let ofSecret = """
    Usage: apus secret [OPTIONS] COMMAND

    Manage secrets.

    Commands:
      create             Create a secret
      list               List secrets

    Options:
      -h, --help         Show this help

    Options of every command:
      -g, --gateway URL  Address of the gateway (default: http://127.0.0.1:8080;
                         environment: OPENFAAS_URL)

    Run "apus help secret COMMAND" for more about a command.

    """

  @Test(arguments: [
    ("--help", ofProgram), ("-h", ofProgram), ("help", ofProgram), ("help up", ofUp), ("up --help", ofUp),
    ("up -h", ofUp),
    ("up -dh", ofUp), ("up --port 1 x --help", ofUp), ("help secret", ofSecret), ("secret --help", ofSecret),
  ])
  func `goes to standard output`(line: String, help: String) async {
    let result = await SampleProgram.run(line.split(separator: " ").map(String.init))
    #expect(result == SampleProgram.Result(output: help))
  }

  @Test func `shows what is required, and wraps what is long`() async {
    let sentence = String(repeating: "wörter ", count: 30)
    let command = Command(
      "tool", "Do it", discussion: sentence,
      options: [
        Option.required("a-name-that-is-longer-than-others", .text("SOMETHING"), help: sentence),
        Option.value("n", .integer(in: 0 ... .max), default: "0", help: sentence),
      ],
      positionals: [Positional.repeated("FILE", .file(), isRequired: true, help: "File")]
    ) { _ in }
    var help = ""
    _ = await Program(command, version: "1").run(["--help"], environment: { _ in nil }) { help += $1 }
    let lines = help.split(separator: "\n", omittingEmptySubsequences: false)
    #expect(lines.allSatisfy { $0.count <= 80 })
    #expect(lines.first == "Usage: tool --a-name-that-is-longer-than-others SOMETHING [OPTIONS] FILE...")
    #expect(lines.contains("      --a-name-that-is-longer-than-others SOMETHING"))
    #expect(lines.contains { $0.count > 70 && $0.hasPrefix("wörter") })
  }

  @Test func `is not asked for behind two dashes or as a value`() async {
    #expect(await SampleProgram.run(["invoke", "--", "--help"]).report == "--help -")
    #expect(await SampleProgram.run(["up", "--label=--help"]).status == 0)
  }
}

@Suite struct `A declaration` {
  @Test func `of the sample has no problems`() {
    #expect(Program(SampleProgram.root(), version: "").root.problems == [])
  }

  @Test func `is told its problems`() {
    let twice = Option.flag("x", short: "x", help: "")
    let command = Command(
      "a b", "",
      options: [
        twice, twice, Option.value("n", .integer(in: 1...2), default: "3", help: ""), Option.flag("help", help: ""),
        Option.flag("q", short: "-", help: ""),
      ],
      positionals: [
        Positional.repeated("R", .text(), help: ""), Positional.required("S", .text(), help: ""),
      ]
    ) { _ in }
    #expect(
      command.problems == [
        "a b: the name is not of letters, digits and dashes", "a b: --x is declared twice", "a b: -x is declared twice",
        "a b: --help is declared twice", "a b: -- is not a letter or digit",
        "a b: R is repeated, but not last", "a b: S is required behind one that is not",
        #"a b: --n has the default "3", but expects an integer from 1 to 2"#,
      ])
  }
}
