import ApusIO
import ApusLogs

/// What one pipe of a program says, line by line, on its way to ours. It belongs to its loop.
struct OutputLines {
  private let sink: LineSink
  /// Behind the time; nil to pass lines on as they are.
  private let mark: [UInt8]?
  private var splitter: LineSplitter

  /// `name` is the stream's, and `callID` the call's whose program speaks, if there is one.
  init(_ name: String, to sink: LineSink, _ settings: WatchdogSettings, callID: String? = nil) {
    self.sink = sink
    var limits = LogLimits()
    limits.lineBytes = settings.lineBytes
    splitter = LineSplitter(limits: limits)
    guard settings.prefixesLogs else {
      mark = nil
      return
    }
    let call = settings.logsCallIDs ? callID.map { "call_id=\($0) " } ?? "" : ""
    mark = Array("\(name): \(call)".utf8)
  }

  mutating func take(_ bytes: UnsafeRawBufferPointer) {
    let (sink, mark) = (sink, mark)
    splitter.take(bytes) { OutputLines.write($0, mark, to: sink) }
  }

  /// The pipe has ended; a line without a newline counts.
  mutating func finish() {
    let (sink, mark) = (sink, mark)
    splitter.finish { OutputLines.write($0, mark, to: sink) }
  }

  private static func write(_ line: LineSplitter.Line, _ mark: [UInt8]?, to sink: LineSink) {
    let rest = line.bytesMissing > 0 ? Array(" … (\(line.bytesMissing) bytes more)".utf8) : []
    let front = mark.map { sink.now + $0 } ?? []
    front.withUnsafeBytes { front in
      rest.withUnsafeBytes { rest in sink.write(front, line.text, rest) }
    }
  }

  /// Reads `stream` to its end, or until it is closed.
  mutating func pump(_ stream: Stream) async {
    let memory = UnsafeMutableRawBufferPointer.allocate(byteCount: 4096, alignment: 1)
    defer { memory.deallocate() }
    var reads = 0
    do throws(IOError) {
      while true {
        let count = try await stream.read(into: memory)
        if count == 0 { break }
        take(UnsafeRawBufferPointer(rebasing: memory[..<count]))
        reads += 1
        // Whoever prints without a pause never makes us wait; others have their turn all the same.
        if reads % 16 == 0 { await Task.yield() }
      }
    } catch {
      // Closed: what a program left behind still writes is nobody's.
    }
    finish()
  }
}
