extension Output {
  func topLevel(_ value: some Encodable) throws {
    try single(0) { try self.value(value) }
  }

  /// Any Encodable; the common types without the containers that their own `encode(to:)` would go through.
  func value<T: Encodable>(_ value: T) throws {
    if T.self == String.self { return text.string(Self.same(value)) }
    if T.self == Int.self { return text.integer(Self.same(value) as Int) }
    if T.self == Double.self { return try double(Self.same(value)) }
    if T.self == Bool.self { return text.bool(Self.same(value)) }
    if T.self == JSON.self { return try document(Self.same(value)) }
    if T.self == [String].self { return try elements(Self.same(value) as [String]) { text.string($0) } }
    if T.self == [Int].self { return try elements(Self.same(value) as [Int]) { text.integer($0) } }
    if T.self == [Double].self { return try elements(Self.same(value) as [Double]) { try double($0) } }
    if T.self == [UInt8].self { return try elements(Self.same(value) as [UInt8]) { text.integer($0) } }
    try nested(mayRepeatKeys: !(T.self is any UniquelyKeyed.Type)) { frame in
      try value.encode(to: OutputEncoder(output: self, frame: frame))
    }
  }

  // Safe because every caller has just compared the two types.
  @inline(__always)
  private static func same<T, Known>(_ value: T) -> Known { unsafeBitCast(value, to: Known.self) }

  private func elements<Element>(_ elements: [Element], _ write: (Element) throws -> Void) throws {
    try nested(mayRepeatKeys: false) { frame in
      open(frame, .array)
      for element in elements {
        try self.element(frame) { try write(element) }
      }
    }
  }

  /// A dynamic document, whose members are written as they stand.
  func document(_ value: JSON) throws {
    switch value {
    case .null: text.null()
    case .bool(let bool): text.bool(bool)
    case .integer(let integer): text.integer(integer)
    case .number(let number): try double(number)
    case .string(let string): text.string(string)
    case .array(let elements): try self.elements(elements) { try document($0) }
    case .object(let members):
      try nested(mayRepeatKeys: true) { frame in
        open(frame, .object)
        for (key, value) in members {
          try member(frame, key) { try document(value) }
        }
      }
    }
  }

  func double(_ value: Double) throws {
    // RFC 8259 §6: infinities and NaN are not permitted.
    guard value.isFinite else { throw error(.notFinite(value.description)) }
    text.finite(value)
  }

  func float(_ value: Float) throws {
    guard value.isFinite else { throw error(.notFinite(value.description)) }
    text.finite(value)
  }

  /// A value with a frame of its own, for the time of `body`.
  private func nested(mayRepeatKeys: @autoclosure () -> Bool, _ body: (_ frame: Int) throws -> Void) throws {
    if now.hasFailed, let failure { throw failure }
    let outer = now.top
    now.outer.append(outer)
    now.top = Frame(depth: outer.kind == .single ? outer.depth : outer.depth + 1)
    try body(now.outer.count)
    try close(mayRepeatKeys: mayRepeatKeys())
    now.top = now.outer.removeLast()
  }

  /// Ends the value of the innermost frame.
  private func close(mayRepeatKeys: @autoclosure () -> Bool) throws {
    if now.hasFailed, let failure { throw failure }
    let frame = now.top
    switch frame.kind {
    case .undecided:
      // Nothing at all is an empty object inside a value, and a mistake as the whole of it.
      guard now.outer.count > 1 || !prefix.isEmpty else { throw error(.nothingEncoded) }
      text.append("{}")
    case .single:
      break
    case .array:
      text.append(ASCII.closeArray)
    case .object:
      try closeKeys(frame.count, mayRepeat: frame.count <= KeyMarks.fewKeys || mayRepeatKeys())
      text.append(ASCII.closeObject)
    }
  }

  private func closeKeys(_ count: Int, mayRepeat: Bool) throws {
    guard mayRepeat else { return now.keys.truncate(to: now.keys.count - count) }
    let bytes = text.bytes
    let twice = now.keys.pop(count) { left, right in
      Self.writtenKey(Int(left), bytes).order(Self.writtenKey(Int(right), bytes))
    }
    if let twice {
      throw JSONError(
        .duplicateKey(writtenKey(Int(twice)).string), path: PathKey.render(path(now.outer.count)))
    }
  }

  /// The whole text, with every branch in its place.
  func finish(_ format: JSONCodec.Format) throws -> [UInt8] {
    var whole = TextBuffer(capacity: 0)
    let bytes = try assemble(&whole) ? whole.bytes : text.bytes
    guard bytes.count <= JSONCodec.Limits.bytesMaximum else {
      throw JSONError(.tooLong(bytes: bytes.count, limit: JSONCodec.Limits.bytesMaximum))
    }
    guard format != .compact else { return Array(bytes) }
    let limits = JSONCodec.Limits(bytes: bytes.count, depth: JSONCodec.Limits.depthMaximum)
    var formatter = TapeFormatter(try Tape(UnsafeRawBufferPointer(bytes), limits), format)
    return formatter.run()
  }

  /// Returns false if there was no branch, so that `text` is all there is.
  private func assemble(_ whole: inout TextBuffer) throws -> Bool {
    try close(mayRepeatKeys: true)
    if branches.isEmpty { return false }
    var done = 0
    for branch in branches {
      whole.append(UnsafeBufferPointer(rebasing: text.bytes[done..<branch.at]))
      done = branch.at
      if try !branch.output.assemble(&whole) { whole.append(branch.output.text.bytes) }
    }
    whole.append(UnsafeBufferPointer(rebasing: text.bytes[done...]))
    return true
  }
}
