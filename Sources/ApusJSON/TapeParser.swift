/// Reads a whole text once, strictly by RFC 8259, and leaves a node for each value and key.
///
/// It does not call itself: open containers are linked through their own nodes, so depth costs no stack.
struct TapeParser: ~Copyable {
  /// No container is open.
  private static let outside = UInt32.max

  let text: UnsafePointer<UInt8>
  let end: Int
  private let depthLimit: Int
  var at = 0
  var nodes: NodeBuffer
  private var open = outside
  private var depth = 0
  private var keys = KeyMarks()

  /// `text` has `PaddedText.padding` zeros behind `count` bytes.
  init(_ text: UnsafePointer<UInt8>, count: Int, depthLimit: Int) {
    self.text = text
    end = count
    self.depthLimit = depthLimit
    // Six to ten bytes a node are common in API answers; growing later costs one copy.
    nodes = NodeBuffer(capacity: count / 8)
  }

  consuming func finish() -> NodeBuffer { nodes }

  mutating func run() throws(JSONError) {
    // RFC 8259 §8.1 lets a parser ignore a byte order mark; refusing keeps one text from having two meanings.
    if text[0] == 0xEF, text[1] == 0xBB, text[2] == 0xBF { throw fail(.byteOrderMark) }
    skipSpace()
    if at == end { throw fail(.empty) }
    var isComplete = try value()
    while open != Self.outside {
      if isComplete {
        isComplete = try separator()
      } else {
        if nodes.base[Int(open)].kind == .object { try key() }
        isComplete = try value()
      }
    }
    skipSpace()
    if at != end { throw fail(.trailing(found: found())) }
  }

  @inline(__always)
  private mutating func skipSpace() {
    // RFC 8259 §2: these four and no others.
    while true {
      switch text[at] {
      case ASCII.space, ASCII.newline, ASCII.carriageReturn, ASCII.tab: at += 1
      default: return
      }
    }
  }

  /// Returns false after the start of a container that has something in it.
  @inline(__always)
  private mutating func value() throws(JSONError) -> Bool {
    skipSpace()
    switch text[at] {
    case ASCII.quote:
      try string(isKey: false)
    case ASCII.openObject:
      return try begin(.object, closedBy: ASCII.closeObject)
    case ASCII.openArray:
      return try begin(.array, closedBy: ASCII.closeArray)
    case ASCII.minus, ASCII.zero...(ASCII.zero + 9):
      try number()
    default:
      try literal()
    }
    return true
  }

  private mutating func begin(_ kind: Node.Kind, closedBy closing: UInt8) throws(JSONError) -> Bool {
    guard depth < depthLimit else { throw fail(.tooDeep(limit: depthLimit)) }
    let index = UInt32(truncatingIfNeeded: nodes.count)
    var node = Node(kind, at: at)
    at += 1
    skipSpace()
    if text[at] == closing {
      at += 1
      node.low = index + 1
      node.high = kind == .object ? index + 1 : 0
      nodes.append(node)
      return true
    }
    node.low = open
    nodes.append(node)
    open = index
    depth += 1
    return false
  }

  /// What follows a complete value inside a container: a comma and the next value, or the end.
  private mutating func separator() throws(JSONError) -> Bool {
    skipSpace()
    let isObject = nodes.base[Int(open)].kind == .object
    switch text[at] {
    case ASCII.comma:
      at += 1
      if isObject {
        try key()
      } else {
        nodes.base[Int(open)].high += 1
      }
      return try value()
    case isObject ? ASCII.closeObject : ASCII.closeArray:
      at += 1
      try close()
      return true
    default:
      throw expected(isObject ? "`,` or `}`" : "`,` or `]`")
    }
  }

  private mutating func close() throws(JSONError) {
    let index = Int(open)
    open = nodes.base[index].low
    nodes.base[index].low = UInt32(truncatingIfNeeded: nodes.count)
    depth -= 1
    if nodes.base[index].kind == .array {
      nodes.base[index].high += 1
      return
    }
    let count = Int(nodes.base[index].high)
    nodes.base[index].high = UInt32(truncatingIfNeeded: index + 1)
    let base = nodes.base
    let text = self.text
    let twice = keys.pop(count) { left, right in
      StringToken(base[Int(left)], in: text).order(StringToken(base[Int(right)], in: text))
    }
    // RFC 8259 §4 calls what happens with duplicates unpredictable: a proxy that reads the first and a function that
    // reads the last would disagree about what was authorised.
    if let twice {
      let token = StringToken(base[Int(twice)], in: text)
      throw JSONError(.duplicateKey(token.string), at: token.offset - 1, in: text)
    }
  }

  private mutating func key() throws(JSONError) {
    skipSpace()
    guard text[at] == ASCII.quote else { throw expected("a key in quotes") }
    let index = nodes.count
    try string(isKey: true)
    skipSpace()
    guard text[at] == ASCII.colon else { throw expected("`:`") }
    at += 1
    let print = StringToken(nodes.base[index], in: text).fingerprint
    keys.push(print, place: UInt32(truncatingIfNeeded: index))
    nodes.base[Int(open)].high += 1
  }

  private mutating func literal() throws(JSONError) {
    let (kind, rest): (Node.Kind, StaticString) =
      switch text[at] {
      case 0x66: (.false, "false")
      case 0x6E: (.null, "null")
      case 0x74: (.true, "true")
      default: throw expected("a value")
      }
    for index in 0..<rest.utf8CodeUnitCount where text[at + index] != rest.utf8Start[index] {
      throw expected("a value")
    }
    // `nullx` must not pass as `null` with something behind it.
    guard !ASCII.isWord(text[at + rest.utf8CodeUnitCount]) else { throw expected("a value") }
    nodes.append(Node(kind, at: at))
    at += rest.utf8CodeUnitCount
  }
}
