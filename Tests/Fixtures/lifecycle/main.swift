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

/// What can harm whoever only prints it: bytes that steer a terminal, in the answer and in the log; bytes that are no
/// text; a field that comes twice.
@Sendable func odd(_ path: String) -> Response {
  switch path {
  case "/bytes": return Response(headers: ["Content-Type": "image/png"], body: [0x89, 0x50, 0, 0x9B, 0x1B])
  case "/cookies":
    var headers: Headers = ["X-Twice": "a"]
    for (name, value) in [("Set-Cookie", "a=1, b"), ("x-twice", "b"), ("Set-Cookie", "c=2")] {
      try? headers.append(name, value)
    }
    return Response(headers: headers)
  default:
    say("before \u{1B}[31mred\u{1B}[0m\u{9B}1m after")
    return .text("tab\tand \u{1B}]0;title\u{7} é\r\n")
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
    if wish == "odd" { return odd(request.path) }
    if wish == "cut" { return cut(request.path) }
    context.inBackground {
      // The test holds the other end of descriptor 5, and lets the work end by closing it.
      if fcntl(5, F_GETFD) >= 0 { try? await offload { waitForEnd(5) } }
      say("background work done")
    }
    return .text("answered")
  }, hooks: hooks)
say("serve returned")
