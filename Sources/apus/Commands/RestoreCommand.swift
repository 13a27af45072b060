import ApusCommandLine
import ApusIO
import ApusJSON
import ApusLauncher
import Glibc

/// `apus restore`: makes a gateway's data folder of a backup, by the gateway's own program.
enum RestoreCommand {
  static let file = Positional.required("FILE", .file(), help: "What `apus backup` made")
  static let key = Option.optional("key", .file(), help: "The key that was saved with it (mode 0600)")
  static let replace = Option<Bool>.flag(
    "replace", help: "If the data folder is not empty, move it aside; its gateway must not run")
  static let usage = Command(
    "restore", "Make a gateway's data folder of a backup",
    discussion:
      "No gateway may run on the folder; start one afterwards. The folder is made beside its place and put there"
      + " in one step: if anything is wrong, all stays as it was. Without --key the secrets stay closed, and this names"
      + " them.\n\nExit status: 0 restored, 1 not restored and nothing changed, 2 wrong command line.",
    options: [GatewayOptions.data, key, replace, OutputFormat.option], positionals: [file]
  ) { arguments in
    let data = LocalData(try arguments[GatewayOptions.data])
    let format = try arguments[OutputFormat.option]
    let program = "\(BuiltProgram.folder)/apus-gateway"
    guard access(program, X_OK) == 0 else {
      throw CommandError("there is no \(program), which knows how to restore. Run `make build` (or swift build)")
    }
    var words = ["--data", data.path, "--restore", try arguments[file]]
    if let key = try arguments[key] { words += ["--restore-key", key] }
    if try arguments[replace] { words.append("--restore-replaces") }
    let run = ToolRun(program, words)
    let loop = try Loop()
    try loop.runUntilDone {
      var (lines, events) = (LineSplitter(), [GatewayEvent]())
      Terminal.progress("restoring \(data.path)")
      let exit = try await run.wait(on: loop) { bytes in
        lines.add(bytes)
        while let line = lines.next() { events.append(GatewayEvent(line)) }
      }
      Terminal.progress(nil)
      try report(events, data, exit, format)
    }
  }

  private static func report(
    _ events: [GatewayEvent], _ data: LocalData, _ exit: ChildProcess.Exit, _ format: OutputFormat
  ) throws {
    let closed = events.compactMap { event in
      event["message"] == "a secret can't be opened without its key" ? event["secret"] : nil
    }
    let leftOut = events.compactMap { event in
      event["message"] == "the backup had to leave this out" ? event["path"] : nil
    }
    guard exit.isSuccess, let done = events.first(where: { $0["message"] == "restored" }) else {
      for event in events where event["message"] == nil { Terminal.note(event.raw) }
      throw ExitStatus(1)
    }
    let previous = done["previous"].flatMap { $0.isEmpty ? nil : $0 }
    if format == .json {
      return try OutputFormat.printJSON([
        "data": .string(data.path), "previous": previous.map { .string($0) } ?? .null,
        "closed_secrets": .array(closed.map { .string($0) }), "left_out": .array(leftOut.map { .string($0) }),
      ])
    }
    for path in leftOut { Terminal.note("not in the backup: \(path)") }
    if !closed.isEmpty {
      Terminal.note(
        "without the key these secrets stay closed: \(closed.joined(separator: ", ")). Restore with --key; or, if it"
          + " is lost, start apus-gateway once with --new-key and give each a new value (apus secret update)")
    }
    if let previous { Terminal.note("what was there is in \(previous) now") }
    Terminal.say("restored \(data.path); start it with `apus up` or apus-gateway")
  }
}
