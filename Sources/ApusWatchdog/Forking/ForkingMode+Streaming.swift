import ApusHTTP
import ApusIO
import ApusLauncher
import ApusTelemetry

extension ForkingMode {
  /// The program's output is the answer, as it comes. Its status waits for the first byte, or the end.
  func stream(_ exchange: Exchange, _ call: WatchdogCall) async {
    var input: CallChild.Input?
    if exchange.hasBody {
      input = exchange.wholeBufferedBody.flatMap { $0.count <= CallChild.wholeBytes ? .whole($0) : nil } ?? .stream
    }
    guard let child = await start(exchange, call, input) else { return }
    exchange.limit(to: call.deadline) { call.lateAnswer }
    exchange.onCallerLeft = child
    child.begin(until: call.deadline)
    var feed: BodyFeed?
    if child.input != nil {
      // Here, so that from now on nobody but `relay` writes to the caller.
      try? await exchange.inviteBody()
      feed = BodyFeed(exchange, to: child)
    }
    await relay(child, to: exchange, call)
    await end(child)
    await feed?.stop()
    exchange.onCallerLeft = nil
    if let failure = feed?.callerFailure, child.interruption == .callerLeft {
      // The connection answers what was wrong with the request.
      return log.info("the request failed", fields(call, "\(failure)"))
    }
    guard child.exit?.isSuccess == true, child.interruption == nil else {
      return await fail(exchange, call, child, type: "text/plain; charset=utf-8")
    }
    do throws(HTTPError) {
      if !exchange.isStarted { try exchange.start(head(call), length: 0) }
      try await exchange.finish()
    } catch {
      log.info("the call ended before its answer", fields(call, "\(error)"))
    }
  }

  private func relay(_ child: CallChild, to exchange: Exchange, _ call: WatchdogCall) async {
    let memory = UnsafeMutableRawBufferPointer.allocate(byteCount: WatchdogLimits.readBytes, alignment: 1)
    defer { memory.deallocate() }
    var reads = 0
    do throws(HTTPError) {
      while true {
        let count = await child.read(into: memory)
        if count == 0 { return }
        if !exchange.isStarted { try exchange.start(head(call), length: nil) }
        try await exchange.write(UnsafeRawBufferPointer(rebasing: memory[..<count]))
        reads += 1
        // Two fast sides never make us wait; others have their turn all the same.
        if reads % 16 == 0 { await Task.yield() }
      }
    } catch {
      // The caller takes no more, or its time is over.
      child.abandon()
    }
  }
}
