/// The fields of a head or a trailer section, in order.
///
/// All names and values lie in one array, and an entry per field says where: a head of any size is two blocks of
/// memory, which `removeAll` keeps for the next one.
package struct Fields: Sendable {
  struct Entry {
    var nameStart: UInt32
    var valueStart: UInt32
    var valueCount: UInt32
    var nameCount: UInt16
    var known: KnownField
  }

  /// May hold bytes that belong to no entry: separators of a parsed head, and fields removed since.
  var bytes: [UInt8] = []
  /// Invariant: every range lies within `bytes`, and `known` is what the name says.
  var entries: [Entry] = []

  package init() {}

  package var count: Int { entries.count }
  package var isEmpty: Bool { entries.isEmpty }

  /// The first value.
  package subscript(_ known: KnownField) -> String? {
    guard known != .other, let entry = entries.first(where: { $0.known == known }) else { return nil }
    return text(entry)
  }

  /// The first value of that name, whatever its case.
  package subscript(_ name: String) -> String? {
    firstIndex(of: name).map { text(entries[$0]) }
  }

  /// All values of that name in order; the ones of `Set-Cookie` can't be joined by commas.
  package func values(_ name: String) -> [String] {
    matching(name) { isMatch in entries.filter(isMatch).map { text($0) } }
  }

  package func contains(_ known: KnownField) -> Bool {
    known != .other && entries.contains { $0.known == known }
  }

  /// The first value as bytes, or nil; they are valid during the call.
  package func withValue<R>(_ known: KnownField, _ body: (UnsafeRawBufferPointer?) throws -> R) rethrows -> R {
    guard known != .other, let entry = entries.first(where: { $0.known == known }) else { return try body(nil) }
    return try bytes.withUnsafeBytes { try body(entry.value(in: $0)) }
  }

  package func forEach(
    _ body: (KnownField, _ name: UnsafeRawBufferPointer, _ value: UnsafeRawBufferPointer) throws -> Void
  ) rethrows {
    try bytes.withUnsafeBytes { all in
      for entry in entries { try body(entry.known, entry.name(in: all), entry.value(in: all)) }
    }
  }

  // MARK: Finding

  func firstIndex(of name: String) -> Int? {
    matching(name) { entries.firstIndex(where: $0) }
  }

  /// Lends a predicate for entries of that name.
  func matching<R>(_ name: String, _ body: ((Entry) -> Bool) -> R) -> R {
    var name = name
    return name.withUTF8 { text in
      let wanted = UnsafeRawBufferPointer(text)
      let known = KnownField(any: wanted)
      if known != .other { return body { $0.known == known } }
      return bytes.withUnsafeBytes { all in
        body { $0.known == .other && equalIgnoringCase($0.name(in: all), wanted) }
      }
    }
  }

  private func text(_ entry: Entry) -> String {
    bytes.withUnsafeBytes { String(decoding: entry.value(in: $0), as: UTF8.self) }
  }
}

extension Fields.Entry {
  @inline(__always) func name(in all: UnsafeRawBufferPointer) -> UnsafeRawBufferPointer {
    UnsafeRawBufferPointer(rebasing: all[Int(nameStart)..<Int(nameStart) + Int(nameCount)])
  }

  @inline(__always) func value(in all: UnsafeRawBufferPointer) -> UnsafeRawBufferPointer {
    UnsafeRawBufferPointer(rebasing: all[Int(valueStart)..<Int(valueStart) + Int(valueCount)])
  }
}
