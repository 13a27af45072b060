/// A new function in Python: one program for all calls, which speaks HTTP with what Python itself brings.
struct PythonTemplate: FunctionTemplate {
  let name: String
  let commands: TemplateCommands

  var stackLines: [String] {
    [
      "lang: python", "fprocess: python3 server.py", "environment:", "  mode: http",
      "  upstream_url: http://127.0.0.1:5000",
    ]
  }

  var files: [TemplateText] {
    [
      TemplateText(path: "handler.py", text: Self.handler), TemplateText(path: "server.py", text: Self.server),
      TemplateText(path: "README.md", text: readme),
    ]
  }

  private static let handler = """
    def handle(body, request):
        \"\"\"Answers one call: bytes in; text, bytes, or a status with one of both, out.

        request has command (the method), path and headers. Calls come on several threads at once.
        \"\"\"
        name = body.decode() or "World"
        return f"Hello, {name}!"

    """

  private static let server = """
    \"\"\"Serves handler.handle on 127.0.0.1:5000, where apus-watchdog (mode http) passes the calls on to.\"\"\"
    import signal
    import sys
    from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

    from handler import handle


    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def answer(self):
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            result = handle(body, self)
            status, content = result if isinstance(result, tuple) else (200, result)
            content = content.encode() if isinstance(content, str) else content
            self.send_response(status)
            self.send_header("Content-Type", "text/plain; charset=utf-8")
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            if self.command != "HEAD":
                self.wfile.write(content)

        do_GET = do_HEAD = do_POST = do_PUT = do_PATCH = do_DELETE = do_OPTIONS = answer

        def log_message(self, *words):
            pass  # The watchdog has a line for each call.


    class Server(ThreadingHTTPServer):
        daemon_threads = True
        request_queue_size = 1024


    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    Server(("127.0.0.1", 5000), Handler).serve_forever()

    """

  private var readme: String {
    """
    # \(name)

    A function for Apus in Python, made by `apus new`. handler.py is yours; server.py serves it with Python's own
    library. In the stack, `http_buffer_req_body: "true"` below `environment` gives it bodies of unknown length, too.

    \(commands.text())

    """
  }
}
