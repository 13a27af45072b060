import ApusCommandLine
import Testing

@Suite struct `Completion` {
  private static func script(_ shell: String) async -> String {
    await SampleProgram.run(["completion", shell]).output
  }

  /// Rows for all shells: the words so far, the last of which is being typed, and what is offered.
  static let rows: [([String], [String])] = [
    (["apus", ""], ["completion", "help", "invoke", "secret", "up"]), (["apus", "se"], ["secret"]),
    (["apus", "x"], []),
    (["apus", "--g"], ["--gateway"]), (["apus", "-g", "x", "u"], ["up"]), (["apus", "--gateway=x", "u"], ["up"]),
    (["apus", "secret", ""], ["create", "list"]), (["apus", "secret", "create", "--f"], ["--from-file"]),
    (["apus", "up", "--no"], ["--no-color"]), (["apus", "up", "--de"], ["--detach"]),
    (["apus", "up", "--ga"], ["--gateway"]),
    (["apus", "up", "--format", ""], ["json", "plain"]), (["apus", "up", "--format", "j"], ["json"]),
    (["apus", "completion", ""], ["bash", "fish", "zsh"]), (["apus", "completion", "f"], ["fish"]),
    (["apus", "-g", "up", "sec"], ["secret"]), (["apus", "help", "in"], ["invoke"]),
  ]

  @Test(.enabled(if: ShellRunner.has("bash")), arguments: rows)
  func `is offered by bash`(words: [String], offered: [String]) async throws {
    #expect(try await Self.completeInBash(words.flatMap(Self.bashWords)) == offered)
  }

  @Test(
    .enabled(if: ShellRunner.has("bash")),
    arguments: [
      (["apus", "up", "--format", "="], ["json", "plain"]), (["apus", "up", "--format", "=", "p"], ["plain"]),
      (["apus", "up", "--format", "=", "json", "--det"], ["--detach"]), (["apus", "up", "--", "--det"], []),
      (["apus", "up", "--port", ""], []), (["apus", "completion", "bash", ""], []),
      (["apus", "invoke", "hello", "st"], ["stack.yml", "static"]), (["apus", "invoke", "st"], []),
      (["apus", "secret", "create", "--from-file", "stack"], ["stack.yml"]), (["apus", "up", "--color", "=", "x"], []),
    ] as [([String], [String])])
  func `is offered by bash for values and files`(words: [String], offered: [String]) async throws {
    #expect(try await Self.completeInBash(words) == offered)
  }

  @Test(.enabled(if: ShellRunner.has("fish")), arguments: rows)
  func `is offered by fish`(words: [String], offered: [String]) async throws {
    // fish offers options only once a dash is typed, and prints a tab and the description behind each.
    let line = words.joined(separator: " ")
    let output = try ShellRunner.run("fish", await Self.script("fish") + "\ncomplete -C '\(line)'\n")
    #expect(output.split(separator: "\n").map { String($0.prefix { $0 != "\t" }) }.sorted() == offered)
  }

  @Test(arguments: ["bash", "zsh", "fish"])
  func `is a script that its shell can parse`(shell: String) async throws {
    let script = await Self.script(shell)
    #expect(script.contains("secret"))
    #expect(!script.contains("debug-internals"), "what is hidden stays hidden")
    guard ShellRunner.has(shell) else { return }
    #expect(try ShellRunner.run(shell, script, options: "-n") == "")
  }

  @Test func `quotes what help texts may hold`() async throws {
    let flag = Option.flag("odd", help: #"It's [odd]: 50% \ $HOME `x` "y""#)
    let root = Command("tool", "T", subcommands: [Command("go", "It's: [x]", options: [flag]) { _ in }])
    for shell in ["bash", "zsh", "fish"] where ShellRunner.has(shell) {
      var script = ""
      let program = Program(root, version: "")
      _ = await program.run(["completion", shell], environment: { _ in nil }) { script += $1 }
      #expect(try ShellRunner.run(shell, script, options: "-n") == "")
    }
  }

  /// bash hands `--name=value` over as three words.
  private static func bashWords(_ word: String) -> [String] {
    let parts = word.split(separator: "=", omittingEmptySubsequences: false).map(String.init)
    return parts.count == 2 ? [parts[0], "=", parts[1]] : [word]
  }

  private static func completeInBash(_ words: [String]) async throws -> [String] {
    let list = words.map { "'\($0)'" }.joined(separator: " ")
    let output = try ShellRunner.run(
      "bash",
      """
      set -u
      \(await script("bash"))
      folder=$(mktemp -d) && cd "$folder" && touch stack.yml && mkdir static
      COMP_WORDS=(\(list))
      COMP_CWORD=$((${#COMP_WORDS[@]} - 1))
      _apus
      ((${#COMPREPLY[@]} == 0)) || printf '%s\\n' "${COMPREPLY[@]}"
      rm -r "$folder"
      """)
    return output.split(separator: "\n").map(String.init).sorted()
  }
}
