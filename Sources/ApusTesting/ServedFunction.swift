public import Apus
internal import ApusHTTP
internal import ApusIO

/// A function that listens while its test runs.
public struct ServedFunction: Sendable {
  private let address: SocketAddress
  private let loop: Loop

  init(address: SocketAddress, loop: Loop) {
    self.address = address
    self.loop = loop
  }

  /// Where it listens, for clients of the test's own: `http://127.0.0.1:12345`.
  public var url: String { "http://\(address)" }

  /// Sends one request on a connection of its own and collects the answer.
  public func call(_ request: Request) async throws -> Answer {
    let content = try await request.again.body.collect(limit: .max)
    let target = request.query.map { "\(request.path)?\($0)" } ?? request.path
    var fields = ApusHTTP.Fields()
    for (name, value) in request.headers.all { try fields.append(name, value) }
    if request.headers["Host"] == nil { try fields.append("Host", "\(address)") }
    var head = ApusHTTP.RequestHead(method: ApusHTTP.Method(request.method.name), target: target, fields: fields)
    head.framing = content.isEmpty ? .none : .length(UInt64(content.count))
    let ask = head
    return try await loop.perform {
      let client = Upstream(address, on: loop)
      defer { client.close() }
      let (answer, body) = try await client.ask(ask, content, before: loop.now + .seconds(60))
      return Answer(status: Status(answer.status), headers: try Headers(answer.fields), body: body)
    }
  }
}

extension Headers {
  fileprivate init(_ fields: ApusHTTP.Fields) throws {
    self.init()
    var all: [(String, String)] = []
    fields.forEach { _, name, value in
      all.append((String(decoding: name, as: UTF8.self), String(decoding: value, as: UTF8.self)))
    }
    for (name, value) in all { try append(name, value) }
  }
}
