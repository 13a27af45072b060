import ApusCommandLine
import Testing

@Suite struct `A usage error` {
  @Test(
    arguments: [
      ([], "apus", "a command is missing; the commands are up, invoke, secret, completion, help"),
      (["pu"], "apus", #"there is no command "pu"; did you mean "up"?"#),
      (["invok"], "apus", #"there is no command "invok"; did you mean "invoke"?"#),
      (["sec"], "apus", #"there is no command "sec"; did you mean "secret"?"#),
      (["xyzzy"], "apus", #"there is no command "xyzzy"; the commands are up, invoke, secret, completion, help"#),
      (["secret"], "apus secret", "a command is missing; the commands are create, list"),
      (["secret", "lst"], "apus secret", #"there is no command "lst"; did you mean "list"?"#),
      (["help", "secret", "crate"], "apus help", #"there is no command "crate"; did you mean "create"?"#),
      (["up", "--prot", "1"], "apus up", #"there is no option "--prot"; did you mean "--port"?"#),
      (["up", "--prot=1"], "apus up", #"there is no option "--prot"; did you mean "--port"?"#),
      (["up", "-port"], "apus up", #"--port is given "ort", but expects an integer from 1 to 65535"#),
      (["up", "-format"], "apus up", #"there is no option "-f"; did you mean "--format"?"#),
      (["up", "--no-colour"], "apus up", #"there is no option "--no-colour"; did you mean "--no-color"?"#),
      (["up", "--gatway", "x"], "apus up", #"there is no option "--gatway"; did you mean "--gateway"?"#),
      (["up", "--debug-internal"], "apus up", #"there is no option "--debug-internal""#),
      (["up", "--no-color=1"], "apus up", #"there is no option "--no-color=1"; did you mean "--no-color"?"#),
      (["up", "--version"], "apus up", #"there is no option "--version""#),
      (["up", "-x"], "apus up", #"there is no option "-x""#),
      (["up", "-dx"], "apus up", #"there is no option "-x""#),
      (["up", "--\u{1B}[2J"], "apus up", #"there is no option "--\u{1b}[2J""#),
      (
        ["up", "--port"], "apus up",
        "--port is given without a value; it expects an integer from 1 to 65535: --port N"
      ),
      (["up", "-p", "-d"], "apus up", "-p is given without a value; it expects an integer from 1 to 65535: -p N"),
      (["up", "-dp"], "apus up", "-p is given without a value; it expects an integer from 1 to 65535: -p N"),
      (["up", "--port", "70000"], "apus up", #"--port is given "70000", but expects an integer from 1 to 65535"#),
      (["up", "--port="], "apus up", #"--port is given "", but expects an integer from 1 to 65535"#),
      (
        ["up", "--port", "99999999999999999999"], "apus up",
        #"--port is given "99999999999999999999", but expects an integer from 1 to 65535"#
      ),
      (
        ["up", "--format", "jsno"], "apus up",
        #"--format is given "jsno", but expects one of plain, json; did you mean "json"?"#
      ),
      (["up", "--wait", "5m"], "apus up", #"--wait is given "5m", but expects a number of seconds such as 30s"#),
      (["up", "--detach=maybe"], "apus up", #"--detach is given "maybe", but expects true or false"#),
      (["invoke"], "apus invoke", "FUNCTION is missing (Function to call)"),
      (["invoke", "a", "b", "c"], "apus invoke", #""c" is one argument too many; the command takes 2"#),
      (["secret", "list", "x"], "apus secret list", #""x" is one argument too many; the command takes none"#),
      (["secret", "create", "db"], "apus secret create", "--from-file FILE is missing (File that holds the value)"),
      (["completion"], "apus completion", "SHELL is missing (Shell that runs the script)"),
      (
        ["completion", "bahs"], "apus completion",
        #"SHELL is given "bahs", but expects one of bash, zsh, fish; did you mean "bash"?"#
      ),
    ] as [([String], String, String)])
  func `says what was given, what is expected and how to get help`(
    words: [String], command: String, problem: String
  ) async {
    let message = "\(command): \(problem)\nRun \"\(command) --help\" for how to use it.\n"
    #expect(await SampleProgram.run(words) == SampleProgram.Result(status: 2, error: message))
  }

  @Test func `names the environment variable that caused it`() async {
    let result = await SampleProgram.run(["up"], environment: ["port": "http"])
    let problem = #"the environment variable port holds "http", but --port expects an integer from 1 to 65535"#
    #expect(result.status == 2)
    #expect(result.error.hasPrefix("apus up: \(problem)\n"))
  }
}
