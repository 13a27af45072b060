import ApusCommandLine
import ApusHTTP
import ApusModel

extension InvokeCommand {
  /// What fits in memory on any machine; curl streams more.
  private static let inputLimit = 256 << 20

  /// The call that the command line describes, refused as a whole if a part of it can't be sent.
  static func call(_ arguments: ParsedArguments, _ name: FunctionName) throws -> GatewayClient.Call {
    let method = try method(arguments)
    let rest = try arguments[path] ?? ""
    guard rest.isEmpty || rest.hasPrefix("/") || rest.hasPrefix("?") else {
      throw arguments.usageError("--path begins with a slash: /\(rest)")
    }
    let fields = try fields(arguments)
    var call = GatewayClient.Call("/function/\(name.qualified)\(rest)", try body(arguments))
    call.method = method
    call.fields = fields
    return call
  }

  /// Letters' case counts in it (RFC 9110 section 9.1), so that a common one in small letters is a slip.
  private static func method(_ arguments: ParsedArguments) throws -> Method {
    let text = try arguments[method]
    let method = Method(text)
    guard method.isToken else {
      throw arguments.usageError(
        "\(QuotedText(text)) is no method: they are letters, digits and !#$%&'*+-.^_`|~, without spaces")
    }
    guard method != .connect else {
      throw arguments.usageError("CONNECT asks a proxy for a tunnel, and no function answers it: choose another method")
    }
    if case .other = method, case let common = Method(text.uppercased()), common.name != text {
      if case .other = common { return method }
      throw arguments.usageError("\(QuotedText(text)) is no method, since case counts: did you mean \(common.name)?")
    }
    return method
  }

  private static func fields(_ arguments: ParsedArguments) throws -> [(name: String, value: String)] {
    var fields: [(name: String, value: String)] = []
    if let type = try arguments[type] { fields.append(("Content-Type", type)) }
    for text in try arguments[field] {
      guard let colon = text.firstIndex(of: ":") else {
        throw arguments.usageError("\(QuotedText(text)) is no field: write one as NAME: VALUE")
      }
      fields.append((String(text[..<colon]), String(text[text.index(after: colon)...].drop { $0 == " " })))
    }
    var whole = Fields()
    for field in fields {
      do throws(FieldError) {
        try whole.append(field.name, field.value)
      } catch {
        throw arguments.usageError("\(QuotedText("\(field.name): \(field.value)")): \(error)")
      }
    }
    let steering = KnownFieldSet.hopByHop.union([.contentLength])
    try whole.forEach { known, name, _ in
      guard steering.contains(known) else { return }
      throw arguments.usageError(
        "\(String(decoding: name, as: UTF8.self)) says how the call is sent on its connection, which apus sees to:"
          + " leave it out")
    }
    for name in ["Content-Type", "Host", "Authorization"] where whole.values(name).count > 1 {
      throw arguments.usageError("\(name) is given more than once: a call has one")
    }
    return fields
  }

  private static func body(_ arguments: ParsedArguments) throws -> [UInt8] {
    switch (try arguments[content], try arguments[file]) {
    case (nil, let path?): return try Terminal.readFile(path, limit: inputLimit)
    case (.some, .some): throw arguments.usageError("--body and --from-file exclude each other: leave one out")
    case ("-", nil): return try Terminal.readInput(limit: inputLimit)
    case (let text, nil): return Array((text ?? "").utf8)
    }
  }
}
