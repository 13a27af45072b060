import Apus

serve(
  Routes()
    // What comes in goes out, piece by piece: it never stands in memory as a whole.
    .on(.post, "/echo") { request in
      Response(headers: ["Content-Type": request.headers["Content-Type"] ?? "application/octet-stream"]) { writer in
        for try await piece in request.body { try await writer.write(piece) }
      }
    }
    // Server-sent events: each write leaves at once.
    .on(.get, "/countdown") { _ in
      Response(headers: ["Content-Type": "text/event-stream"]) { writer in
        for number in (1...3).reversed() {
          try await writer.write("data: \(number)\n\n")
          try await Task.sleep(for: .seconds(1))
        }
        try await writer.write("data: lift-off\n\n")
      }
    })
