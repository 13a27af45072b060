import ApusCommandLine
import ApusHTTP
import ApusJSON
import ApusModel

/// `apus invoke`: calls a function and prints its answer.
enum InvokeCommand {
  static let content = Option.optional(
    "body", short: "d", .text(), help: "Body of the call; - reads it from standard input")
  static let file = Option.optional("from-file", .file(), help: "Body of the call, from a file")
  static let type = Option.optional("content-type", .text("TYPE"), help: "Content-Type of the body")
  static let method = Option.value(
    "method", short: "X", .text("METHOD"), default: "POST",
    help: "Method of the call: any name that HTTP allows, such as PROPFIND, but CONNECT")
  static let path = Option.optional(
    "path", .text("PATH"), help: "Path behind the function's name, with a query if there is one: /items?page=2")
  static let field = Option.repeated(
    "header", short: "H", .text("NAME: VALUE"), help: "A field of the call; Host takes the place of the gateway's own")

  static let usage = Command(
    "invoke", "Call a function and print its answer",
    discussion: "Exit status: 0 if the answer's status is below 400, 1 if it is not or if there was no answer,"
      + " 2 wrong command line.\n\nA private function is called by the token in APUS_TOKEN, or else by one that is made"
      + " for this call with the administrator's password, which is never sent to a function; -H 'Authorization: …'"
      + " takes the place of both. A public one is told nobody's.\n\nA terminal shows characters that could steer it as"
      + " \\u001b, and no answer that is not text; a file or a pipe gets all as it is. With --output json the answer is"
      + " an object of status, headers and body; a body that is not UTF-8 is body_base64, and Set-Cookie is a list.",
    options: GatewayOptions.all + [content, file, type, method, path, field, OutputFormat.option],
    positionals: [GatewayOptions.function]
  ) { arguments in
    let (name, format) = (try GatewayOptions.name(arguments), try arguments[OutputFormat.option])
    let call = try call(arguments, name)
    try GatewayOptions.run(arguments) { client in
      let head = try await run(call, of: name, client, format)
      guard head.status < 400 else {
        Terminal.note("apus: \(name) answered \(head.status)")
        if head.status == 401, head.fields[.wwwAuthenticate]?.hasSuffix(#"realm="Apus""#) == true {
          Terminal.note(
            "apus: it is private: put a token of the gateway into APUS_TOKEN, or give what it takes by"
              + " -H 'Authorization: Bearer …'")
        }
        throw ExitStatus(1)
      }
    }
  }

  private static func run(
    _ call: GatewayClient.Call, of name: FunctionName, _ client: GatewayClient, _ format: OutputFormat
  ) async throws -> ResponseHead {
    guard !call.isAuthorized else { return try await send(call, of: name, client, format) }
    return try await client.withToken(for: name) { token in
      var call = call
      if let token { call.fields.append(("Authorization", "Bearer \(token)")) }
      return try await send(call, of: name, client, format)
    }
  }

  private static func send(
    _ call: GatewayClient.Call, of name: FunctionName, _ client: GatewayClient, _ format: OutputFormat
  ) async throws -> ResponseHead {
    var collected: [UInt8] = []
    var output: ForeignOutput?
    let head = try await client.call(call) { head, bytes in
      if format == .json { return collected += bytes }
      if output == nil {
        output = ForeignOutput("the answer of \(name)\(head.fields[.contentType].map { " (\($0))" } ?? "")")
      }
      try output?.give(bytes)
    }
    if format == .json { try OutputFormat.printJSON(json(head, collected)) }
    try output?.finish()
    return head
  }

  private static func json(_ head: ResponseHead, _ body: [UInt8]) -> JSON {
    var fields: [(key: String, value: JSON)] = []
    var cookies: [JSON] = []
    head.fields.forEach { known, name, value in
      let (name, value) = (String(decoding: name, as: UTF8.self), String(decoding: value, as: UTF8.self))
      // Their values have commas of their own (RFC 9110 section 5.3); the place in the order is that of the first.
      if known == .setCookie {
        if cookies.isEmpty { fields.append(("Set-Cookie", .null)) }
        return cookies.append(.string(value))
      }
      // Any other field that comes twice is a list, which one line can say.
      let index = fields.firstIndex { $0.key.lowercased() == name.lowercased() }
      if let index, let old = fields[index].value.stringValue {
        fields[index].value = .string("\(old), \(value)")
      } else {
        fields.append((name, .string(value)))
      }
    }
    if let index = fields.firstIndex(where: { $0.key == "Set-Cookie" }) { fields[index].value = .array(cookies) }
    let text = String(validating: body, as: UTF8.self)
    let content: (key: String, value: JSON) =
      text.map { ("body", .string($0)) } ?? ("body_base64", .string(Base64.encode(body)))
    return .object([("status", .integer(Int64(head.status))), ("headers", .object(fields)), content])
  }
}
