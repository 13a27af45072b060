import ApusCommandLine
import ApusIO
import Glibc

/// `apus up`: starts the stack's functions and stays in the foreground until Ctrl-C.
///
/// Each function is started as a gateway starts it: its listening socket is opened here and handed over, and it says
/// itself when it is ready.
struct UpCommand {
  static let stack = Option.value("file", short: "f", .file(), default: "stack.yml", help: "The stack to start")
  static let firstPort = Option.value(
    "port", short: "p", .integer(in: 0...65_535), default: "8080",
    help: "TCP port of the first function on 127.0.0.1; the next ones follow. 0 takes any free ones")
  static let usage = Command(
    "up", "Start the functions of a stack and keep them running until Ctrl-C", options: [stack, firstPort]
  ) { arguments in try UpCommand(arguments).run() }

  private let file: String
  private let port: Int

  init(_ arguments: ParsedArguments) throws(UsageError) {
    file = try arguments[Self.stack]
    port = try arguments[Self.firstPort]
  }

  func run() throws {
    let names = try StackFile.functionNames(file)
    let loop = try Loop()
    let failed = try loop.runUntilDone { try await supervise(names, on: loop) }
    if failed { throw ExitStatus(1) }
  }

  /// Runs the functions until a signal, or until one of them ends by itself; true if one did.
  private func supervise(_ names: [String], on loop: Loop) async throws -> Bool {
    Signals.ignoreBrokenPipes()
    let signals = try Signals([SIGINT, SIGTERM], on: loop)
    defer { signals.close() }
    let end = FirstEnd()
    // From here on: Ctrl-C must end a start that takes its time, too.
    watch(signals, end, on: loop)
    var functions: [LocalFunction] = []
    do {
      for (index, name) in names.enumerated() {
        let function = try LocalFunction(name, port: port == 0 ? 0 : UInt16(clamping: port + index))
        functions.append(function)
        try function.spawn()
        watch(function, end, on: loop)
        try await function.waitUntilReady(on: loop)
        say("\(function.name)   \(function.url)   ready in \(function.startTime)")
      }
    } catch {
      await stop(functions, on: loop)
      if end.wasAskedFor { return false }
      throw error
    }
    if let first = functions.first { say("\ntry: curl -d Swift \(first.url)\nstop: Ctrl-C") }

    let failure = await end.wait()
    if let failure { complain(failure) } else { say("\nstopping") }
    await stop(functions, on: loop)
    return failure != nil
  }

  private func watch(_ function: LocalFunction, _ end: FirstEnd, on loop: Loop) {
    let bound = LoopBound((function, end), to: loop)
    loop.spawn {
      let (function, end) = bound.value
      guard let exit = await function.waitForEnd(on: loop) else { return }
      end.come("\(function.name) ended by itself with \(exit). Its last lines above say why")
    }
  }

  private func watch(_ signals: Signals, _ end: FirstEnd, on loop: Loop) {
    let bound = LoopBound(end, to: loop)
    loop.spawn {
      guard await signals.next() != nil else { return }
      bound.value.come(nil)
    }
  }

  /// All are asked at once, so that the slowest one sets the time.
  private func stop(_ functions: [LocalFunction], on loop: Loop) async {
    let stops = functions.map { function in
      let bound = LoopBound(function, to: loop)
      return loop.spawn { await bound.value.stop(on: loop) }
    }
    for stop in stops { await stop.value }
  }
}

/// One line for the person at the terminal.
private func say(_ line: String) {
  write(line, to: 1)
}

private func complain(_ line: String) {
  write("apus: \(line)", to: 2)
}

private func write(_ line: String, to descriptor: CInt) {
  let bytes = Array("\(line)\n".utf8)
  _ = bytes.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
}
