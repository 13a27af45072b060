extension Tape {
  /// Any Decodable; the common types without the three containers that their own `init(from:)` would go through.
  func value<T: Decodable>(_ type: T.Type, _ index: Int) throws -> T {
    if type == String.self { return Self.same(try string(index)) }
    if type == Int.self { return Self.same(try integer(Int.self, index)) }
    if type == Double.self { return Self.same(try double(index)) }
    if type == Bool.self { return Self.same(try bool(index)) }
    if type == [String].self { return Self.same(try elements(index) { try self.string($0) }) }
    if type == [Int].self { return Self.same(try elements(index) { try self.integer(Int.self, $0) }) }
    if type == [Double].self { return Self.same(try elements(index) { try self.double($0) }) }
    if type == [UInt8].self { return Self.same(try elements(index) { try self.integer(UInt8.self, $0) }) }
    if type == JSON.self { return Self.same(document(index)) }
    return try T(from: TapeDecoder(tape: self, node: index))
  }

  private func elements<Element>(_ array: Int, _ element: (Int) throws -> Element) throws -> [Element] {
    guard self[array].kind == .array else { throw mismatch("an array", array) }
    var elements: [Element] = []
    elements.reserveCapacity(Int(self[array].high))
    var index = array + 1
    for _ in 0..<Int(self[array].high) {
      elements.append(try element(index))
      index = next(index)
    }
    return elements
  }

  // Safe because every caller has just compared the two types.
  @inline(__always)
  private static func same<Known, T>(_ value: Known) -> T { unsafeBitCast(value, to: T.self) }
}
