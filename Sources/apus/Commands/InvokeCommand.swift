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
  static let method = Option.value("method", short: "X", .text("METHOD"), default: "POST", help: "Method of the call")
  static let path = Option.optional(
    "path", .text("PATH"), help: "Path behind the function's name, with a query if there is one: /items?page=2")
  static let field = Option.repeated("header", short: "H", .text("NAME: VALUE"), help: "A field of the call")
  /// What fits in memory on any machine; curl streams more.
  private static let inputLimit = 256 << 20

  static let usage = Command(
    "invoke", "Call a function and print its answer",
    discussion: "Exit status: 0 if the answer's status is below 400, 1 if it is not or if there was no answer,"
      + " 2 wrong command line.\n\nNo credentials are sent: functions would see them. With --output json the answer is"
      + " an object of status, headers and body; a body that is not UTF-8 is body_base64.",
    options: GatewayOptions.all + [content, file, type, method, path, field, OutputFormat.option],
    positionals: [GatewayOptions.function]
  ) { arguments in
    let (name, format) = (try GatewayOptions.name(arguments), try arguments[OutputFormat.option])
    let call = try call(arguments, name)
    try GatewayOptions.run(arguments) { client in
      var collected: [UInt8] = []
      let head = try await client.call(call) { bytes in
        if format == .json { collected += bytes } else { try Terminal.give(bytes) }
      }
      if format == .json { try OutputFormat.printJSON(json(head, collected)) }
      guard head.status < 400 else {
        Terminal.note("apus: \(name) answered \(head.status)")
        throw ExitStatus(1)
      }
    }
  }

  private static func call(_ arguments: ParsedArguments, _ name: FunctionName) throws -> GatewayClient.Call {
    let rest = try arguments[path] ?? ""
    guard rest.isEmpty || rest.hasPrefix("/") || rest.hasPrefix("?") else {
      throw arguments.usageError("--path begins with a slash: /\(rest)")
    }
    var call = GatewayClient.Call("/function/\(name.qualified)\(rest)", try body(arguments))
    call.method = Method(try arguments[method])
    if let type = try arguments[type] { call.fields.append(("Content-Type", type)) }
    for text in try arguments[field] {
      guard let colon = text.firstIndex(of: ":") else {
        throw arguments.usageError("“\(text)” is no field: write one as NAME: VALUE")
      }
      call.fields.append((String(text[..<colon]), String(text[text.index(after: colon)...].drop { $0 == " " })))
    }
    return call
  }

  private static func body(_ arguments: ParsedArguments) throws -> [UInt8] {
    switch (try arguments[content], try arguments[file]) {
    case (nil, let path?): return try Terminal.readFile(path, limit: inputLimit)
    case (.some, .some): throw arguments.usageError("--body and --from-file exclude each other: leave one out")
    case ("-", nil): return try Terminal.readInput(limit: inputLimit)
    case (let text, nil): return Array((text ?? "").utf8)
    }
  }

  private static func json(_ head: ResponseHead, _ body: [UInt8]) -> JSON {
    var fields: [(key: String, value: JSON)] = []
    head.fields.forEach { _, name, value in
      let (name, value) = (String(decoding: name, as: UTF8.self), String(decoding: value, as: UTF8.self))
      // A field that comes twice is a list, which one line can say (RFC 9110 section 5.3).
      if let index = fields.firstIndex(where: { $0.key == name }), let old = fields[index].value.stringValue {
        fields[index].value = .string("\(old), \(value)")
      } else {
        fields.append((name, .string(value)))
      }
    }
    let text = String(validating: body, as: UTF8.self)
    let content: (key: String, value: JSON) =
      text.map { ("body", .string($0)) } ?? ("body_base64", .string(Base64.encode(body)))
    return .object([("status", .integer(Int64(head.status))), ("headers", .object(fields)), content])
  }
}
