import ApusHTTP
import ApusIO
import ApusLauncher
import ApusTelemetry

extension ForkingMode {
  /// The body is read whole, then the program runs, then its output is the answer.
  func serialize(_ exchange: Exchange, _ call: WatchdogCall) async {
    exchange.limit(to: call.deadline) { call.lateAnswer }
    let body: [UInt8]
    do throws(HTTPError) {
      body = try await exchange.collectBody(limit: settings.bufferLimit)
    } catch {
      // The connection answers what was wrong with the request.
      return log.info("the request failed", fields(call, "\(error)"))
    }
    let input: CallChild.Input? = body.isEmpty ? nil : .stream
    guard let child = await start(exchange, call, input) else { return }
    exchange.onCallerLeft = child
    child.begin(until: call.deadline)
    if let sink = child.input {
      exchange.loop.spawn {
        // A program that closes its input has read what it wanted.
        try? await sink.write(body)
        sink.close()
      }
    }
    let output = await collect(child)
    await end(child)
    exchange.onCallerLeft = nil
    guard child.exit?.isSuccess == true, child.interruption == nil else {
      return await fail(exchange, call, child, type: settings.contentType)
    }
    do throws(HTTPError) {
      try await exchange.respond(head(call), output)
    } catch {
      log.info("the call ended before its answer", fields(call, "\(error)"))
    }
  }

  private func collect(_ child: CallChild) async -> [UInt8] {
    let memory = UnsafeMutableRawBufferPointer.allocate(byteCount: WatchdogLimits.readBytes, alignment: 1)
    defer { memory.deallocate() }
    var output: [UInt8] = []
    var reads = 0
    while true {
      let count = await child.read(into: memory)
      if count == 0 { return output }
      guard output.count + count <= settings.bufferLimit else {
        child.interrupt(.wroteTooMuch)
        return []
      }
      output += memory[..<count]
      reads += 1
      if reads % 16 == 0 { await Task.yield() }
    }
  }
}
