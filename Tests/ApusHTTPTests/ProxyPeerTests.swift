import ApusHTTP
import ApusIO
import Glibc
import Testing

extension `HTTP over sockets` {
  @Suite(.enabled(if: Nginx.isInstalled)) struct `A real peer` {
    @Test func `is proxied: nginx with files, methods and keep-alive`() async throws {
      let folder = shell("mktemp -d").filter { $0 != "\n" }
      defer { _ = shell("rm -rf \(folder)") }
      _ = shell("head -c 3000000 /dev/urandom > \(folder)/big; chmod 755 \(folder)")
      let nginx = try await Nginx.run(
        "root \(folder); location /say { return 200 \"$request_method $request_uri $http_x_a\\n\"; } "
          + "location /none { return 204; }")
      try await ProxyFixture.run(to: nginx.address) { proxy in
        let sum = shell("sha256sum < \(folder)/big")
        #expect(proxy.server.curl("URL/big | sha256sum") == sum)
        #expect(proxy.server.curl("-H 'X-A: b' URL/say?q=%2F") == "GET /say?q=%2F b\n")
        #expect(proxy.server.curl("-d x URL/say") == "POST /say \n")
        #expect(proxy.server.curl("-I -w '%{http_code} %header{content-length}' -o /dev/null URL/big") == "200 3000000")
        #expect(proxy.server.curl("-w '%{http_code}' URL/none") == "204")
        let tag = proxy.server.curl("-o /dev/null -w '%header{etag}' URL/big")
        #expect(proxy.server.curl("-H 'If-None-Match: \(tag)' -o /dev/null -w '%{http_code}' URL/big") == "304")
        #expect(proxy.server.curl("-r 5-9 -o /dev/null -w '%{http_code} %{size_download}' URL/big") == "206 5")
        #expect(proxy.failures.all == [])
      }
    }

    @Test func `asks: nginx before a server, with its own connections kept`() async throws {
      let notes = Notes()
      let handler: Server.Handler = { exchange in
        if exchange.serial == 1 { notes.add("connection") }
        await `A server`.mirror(exchange)
      }
      try await ServerFixture.run(handler: handler) { server in
        do {
          let nginx = try await Nginx.run(
            "location / { proxy_pass http://\(server.address); proxy_http_version 1.1; "
              + "proxy_set_header Connection \"\"; proxy_request_buffering off; }")
          #expect(shell("curl -sS http://\(nginx.address)/x") == "GET /x ")
          #expect(shell("curl -sS -d abc http://\(nginx.address)/y") == "POST /y abc")
          let chunked = "-d abc -H 'Transfer-Encoding: chunked'"
          #expect(shell("curl -sS \(chunked) http://\(nginx.address)/z") == "POST /z abc")
          #expect(shell("curl -sS -o /dev/null -w '%{http_code}' -I http://\(nginx.address)/h") == "200")
          #expect(shell("curl -sS -0 http://\(nginx.address)/old") == "GET /old ")
        }
        #expect(notes.all.count >= 1)
      }
    }
  }

  @Suite struct `A proxy in the long run` {
    /// Connections of forty requests each. `make soak` asks for 100,000 requests, every other run for a fifth of that.
    private static let rounds = getenv("APUS_SOAK") == nil ? 500 : 2_500

    @Test func `leaves nothing behind after tens of thousands of requests`() async throws {
      let handler: Server.Handler = { exchange in
        if exchange.head.path == "/cut" { return }
        let body = (try? await exchange.collectBody(limit: 1_000)) ?? []
        if exchange.head.path == "/close" { exchange.closeAfterwards() }
        try? await exchange.respond(ResponseHead(), body)
      }
      try await ServerFixture.run(handler: handler) { origin in
        try await ProxyFixture.run(to: origin.address) { proxy in
          var answered = 0
          for round in 0..<Self.rounds {
            let client = try proxy.connect()
            let path = round % 7 == 0 ? "/close" : "/"
            var requests = ""
            for index in 0..<39 {
              requests +=
                index % 2 == 0
                ? "GET \(path) HTTP/1.1\r\nHost: h\r\n\r\n"
                : "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n"
            }
            requests += "GET \(round % 11 == 0 ? "/cut" : "/") HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n"
            try client.send(requests)
            if round % 13 == 0 {
              client.close()
              answered += 40
            } else {
              answered += client.receiveAll().text.count(of: "HTTP/1.1 ")
            }
          }
          #expect(answered == 40 * Self.rounds)
        }
      }
    }
  }
}
