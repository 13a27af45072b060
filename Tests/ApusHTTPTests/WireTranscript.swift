import ApusHTTP
import ApusIO

/// What a connection makes of bytes, as lines that can be compared: heads, content, trailers, the error at the end.
///
/// The bytes come in the pieces given; what a parser doesn't consume is given again with more, as a buffer would.
struct WireTranscript {
  var limits = Limits()
  private(set) var lines: [String] = []
  private var content: [UInt8] = []
  private var pending: [UInt8] = []
  private(set) var isOver = false

  init(limits: Limits = Limits()) { self.limits = limits }

  static func ofRequests(_ input: [UInt8], pieces: [Int], limits: Limits = Limits()) -> [String] {
    var transcript = WireTranscript(limits: limits)
    var parser = RequestParser(limits: limits)
    var head = RequestHead()
    transcript.run(input, pieces) { bytes, lines throws(WireError) in
      let consumed = try parser.parse(bytes, into: &head)
      if consumed > 0 { lines.append(describe(head)) }
      return (consumed, head.framing)
    }
    return transcript.lines
  }

  static func ofResponses(
    _ input: [UInt8], answerTo method: ApusHTTP.Method = .get, pieces: [Int], limits: Limits = Limits()
  ) -> [String] {
    var transcript = WireTranscript(limits: limits)
    var parser = ResponseParser(limits: limits)
    var head = ResponseHead()
    transcript.run(input, pieces) { bytes, lines throws(WireError) in
      let consumed = try parser.parse(bytes, answerTo: method, into: &head)
      if consumed > 0 { lines.append(describe(head)) }
      return (consumed, head.framing)
    }
    return transcript.lines
  }

  /// Content alone, with that framing.
  static func ofBody(_ input: [UInt8], _ framing: Framing, pieces: [Int], limits: Limits = Limits()) -> [String] {
    var transcript = WireTranscript(limits: limits)
    var isFirst = true
    transcript.run(input, pieces) { _, _ throws(WireError) in
      guard isFirst else { return (0, .none) }
      isFirst = false
      return (0, framing)
    }
    return transcript.lines
  }

  private mutating func run(
    _ input: [UInt8], _ pieces: [Int],
    parseHead: (UnsafeRawBufferPointer, inout [String]) throws(WireError) -> (Int, Framing)
  ) {
    var decoder: BodyDecoder?
    var start = 0
    for piece in pieces + [input.count - pieces.reduce(0, +)] {
      pending += input[start..<start + piece]
      start += piece
      do throws(WireError) {
        while try step(&decoder, parseHead) {}
      } catch {
        endBody(decoder)
        lines.append("error \(error.kind)")
        return
      }
    }
    endBody(decoder)
    lines.append("left \(pending.count)")
  }

  /// Takes one head or one piece of content from `pending`; false if there is nothing to take yet.
  private mutating func step(
    _ decoder: inout BodyDecoder?,
    _ parseHead: (UnsafeRawBufferPointer, inout [String]) throws(WireError) -> (Int, Framing)
  ) throws(WireError) -> Bool {
    // A block of exactly this size, so that the address sanitizer sees a byte read too many.
    let block = UnsafeMutableRawBufferPointer.allocate(byteCount: pending.count, alignment: 1)
    defer { block.deallocate() }
    block.copyBytes(from: pending)
    let bytes = UnsafeRawBufferPointer(block)
    guard decoder != nil else {
      let (consumed, framing) = try parseHead(bytes, &lines)
      pending.removeFirst(consumed)
      if framing != .none, consumed > 0 || lines.isEmpty { decoder = BodyDecoder(framing, limits: limits) }
      return consumed > 0 || decoder != nil
    }
    var consumed = 0
    let step = try decoder?.next(bytes, consumed: &consumed)
    if case .data(let range) = step { content += bytes[range] }
    pending.removeFirst(consumed)
    if step == .finished {
      endBody(decoder)
      decoder = nil
      return true
    }
    return step != .needsMore
  }

  private mutating func endBody(_ decoder: BodyDecoder?) {
    guard let decoder else { return }
    lines.append("content '\(String(decoding: content, as: UTF8.self))' finished \(decoder.isFinished)")
    content = []
    if !decoder.trailers.isEmpty { lines.append("trailers \(WireTranscript.describe(decoder.trailers))") }
  }

  static func describe(_ head: RequestHead) -> String {
    "\(head.method.name) \(head.target) 1.\(head.minorVersion) \(head.framing) keeps \(head.keepsAlive) "
      + "expects \(head.expectsContinue) upgrade \(head.wantsUpgrade) \(describe(head.fields))"
  }

  static func describe(_ head: ResponseHead) -> String {
    "\(head.status) \(head.reason ?? "-") 1.\(head.minorVersion) \(head.framing) keeps \(head.keepsAlive) "
      + describe(head.fields)
  }

  static func describe(_ fields: Fields) -> String {
    var lines: [String] = []
    fields.forEach { known, name, value in
      lines.append("\(String(decoding: name, as: UTF8.self))=\(String(decoding: value, as: UTF8.self))(\(known))")
    }
    return "[\(lines.joined(separator: "|"))]"
  }
}

/// Parses `text` as one request in one piece.
func request(_ text: String, limits: Limits = Limits()) throws(WireError) -> RequestHead {
  var head = RequestHead()
  var parser = RequestParser(limits: limits)
  let consumed = try parse(Array(text.utf8)) { bytes throws(WireError) in try parser.parse(bytes, into: &head) }
  return consumed > 0 ? head : RequestHead(method: .other("INCOMPLETE"), target: "", fields: Fields())
}

/// Parses `text` as one answer in one piece.
func response(
  _ text: String, answerTo method: ApusHTTP.Method = .get, limits: Limits = Limits()
) throws(WireError) -> ResponseHead {
  var head = ResponseHead()
  var parser = ResponseParser(limits: limits)
  let consumed = try parse(Array(text.utf8)) { bytes throws(WireError) in
    try parser.parse(bytes, answerTo: method, into: &head)
  }
  return consumed > 0 ? head : ResponseHead(status: 0)
}

private func parse(
  _ bytes: [UInt8], _ body: (UnsafeRawBufferPointer) throws(WireError) -> Int
) throws(WireError) -> Int {
  let result: Result<Int, WireError> = bytes.withUnsafeBytes { input in
    do throws(WireError) { return .success(try body(input)) } catch { return .failure(error) }
  }
  return try result.get()
}

/// Why a request is refused, or nil if it isn't.
func refusal(_ text: String, limits: Limits = Limits()) -> WireError.Kind? {
  do throws(WireError) {
    _ = try request(text, limits: limits)
    return nil
  } catch {
    return error.kind
  }
}

/// What an encoder writes.
func written(_ body: (inout Buffer) -> Void) -> String {
  var buffer = Buffer()
  body(&buffer)
  return String(decoding: buffer.readable, as: UTF8.self)
}
