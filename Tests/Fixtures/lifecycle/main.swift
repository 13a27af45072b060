import Apus
import Glibc

// A function whose life goes wrong, or takes its time, as the variable FIXTURE says: tests start it as a child.

struct StartFailure: Error, CustomStringConvertible {
  let description: String
}

let wish = getenv("FIXTURE").map { String(cString: $0) } ?? ""

/// A line in the order in which things happen; the descriptor is not buffered.
@Sendable func say(_ text: String) {
  let line = Array((text + "\n").utf8)
  _ = write(2, line, line.count)
}

@Sendable func waitForEnd(_ descriptor: CInt) {
  var byte: UInt8 = 0
  while read(descriptor, &byte, 1) > 0 {}
}

/// An answer that ends in its midst, with the whole program: its length was said, or it was not; "/" is answered well.
/// Not by a signal: the first process of a namespace takes none from within.
@Sendable func cut(_ path: String) -> Response {
  if path == "/" { return .text("whole") }
  if path == "/before" { _exit(9) }
  return Response(length: path == "/length" ? 1000 : nil) { writer in
    try await writer.write("the first part")
    _exit(9)
  }
}

let hooks = Hooks {
  say("start hook")
  if wish == "fail" { throw StartFailure(description: "the database is not there") }
  if wish == "hang" { try await Task.sleep(for: .seconds(600)) }
} stop: {
  say("stop hook")
}

serve(
  Handler { (request: Request, context: Context) in
    if wish == "echo" {
      let target = request.query.map { "\(request.path)?\($0)" } ?? request.path
      let fields = request.headers.all.map { "\($0.name): \($0.value)\n" }.joined()
      let secret = (try? context.secret("key"))?.text ?? "none"
      return .text("\(request.method.name) \(target)\n\(fields)secret: \(secret)\n")
    }
    if wish == "cut" { return cut(request.path) }
    context.inBackground {
      // The test holds the other end of descriptor 5, and lets the work end by closing it.
      if fcntl(5, F_GETFD) >= 0 { try? await offload { waitForEnd(5) } }
      say("background work done")
    }
    return .text("answered")
  }, hooks: hooks)
say("serve returned")
