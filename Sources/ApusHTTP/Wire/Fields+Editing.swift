extension Fields {
  /// Adds a field behind the others. Whatever could end a line is refused, so a value can't forge fields or an answer.
  package mutating func append(_ name: String, _ value: String) throws(FieldError) {
    entries.append(try store(name, value))
  }

  package mutating func append(_ known: KnownField, _ value: String) throws(FieldError) {
    entries.append(try store(known, value))
  }

  /// For a value that comes as bytes, as from another head.
  package mutating func append(_ known: KnownField, bytes value: UnsafeRawBufferPointer) throws(FieldError) {
    entries.append(try store(known.nameBytes, known, value))
  }

  package mutating func append(
    bytes name: UnsafeRawBufferPointer, _ value: UnsafeRawBufferPointer
  ) throws(FieldError) {
    entries.append(try store(name, KnownField(any: name), value))
  }

  /// Puts one field in the place of all of that name.
  package mutating func set(_ name: String, _ value: String) throws(FieldError) {
    replace(try store(name, value), at: firstIndex(of: name))
  }

  package mutating func set(_ known: KnownField, _ value: String) throws(FieldError) {
    replace(try store(known, value), at: entries.firstIndex { $0.known == known })
  }

  package mutating func remove(_ name: String) {
    // Indices first: the predicate looks into `bytes`, and `entries` can't change under it.
    let doomed = matching(name) { isMatch in entries.indices.filter { isMatch(entries[$0]) } }
    for index in doomed.reversed() { entries.remove(at: index) }
  }

  package mutating func remove(_ known: KnownField) {
    guard known != .other else { return }
    entries.removeAll { $0.known == known }
  }

  /// Removes the named fields at once.
  package mutating func remove(_ known: KnownFieldSet) {
    entries.removeAll { known.contains($0.known) }
  }

  /// Makes room for so many more fields and bytes at once, where the caller knows what comes.
  package mutating func reserve(fields: Int, bytes count: Int) {
    entries.reserveCapacity(entries.count + fields)
    bytes.reserveCapacity(bytes.count + count)
  }

  /// Keeps the capacity for the next head.
  package mutating func removeAll() {
    bytes.removeAll(keepingCapacity: true)
    entries.removeAll(keepingCapacity: true)
  }

  // MARK: Storing

  private mutating func store(_ name: String, _ value: String) throws(FieldError) -> Entry {
    var name = name
    var value = value
    let outcome: Result<Entry, FieldError> = name.withUTF8 { name in
      value.withUTF8 { value in
        let name = UnsafeRawBufferPointer(name)
        return attempt(name, KnownField(any: name), UnsafeRawBufferPointer(value))
      }
    }
    return try outcome.get()
  }

  private mutating func store(_ known: KnownField, _ value: String) throws(FieldError) -> Entry {
    var value = value
    return try value.withUTF8 { attempt(known.nameBytes, known, UnsafeRawBufferPointer($0)) }.get()
  }

  private mutating func store(
    _ name: UnsafeRawBufferPointer, _ known: KnownField, _ value: UnsafeRawBufferPointer
  ) throws(FieldError) -> Entry {
    try attempt(name, known, value).get()
  }

  private mutating func attempt(
    _ name: UnsafeRawBufferPointer, _ known: KnownField, _ value: UnsafeRawBufferPointer
  ) -> Result<Entry, FieldError> {
    guard name.count > 0, ByteSet.token.holdsAll(name) else { return .failure(.invalidName) }
    // RFC 9110 section 5.5: blanks around a value are not part of it.
    let value = trimmed(value)
    if let base = value.baseAddress?.assumingMemoryBound(to: UInt8.self),
      skipFieldText(base, 0, value.count) < value.count
    {
      return .failure(.invalidValue)
    }
    guard name.count <= UInt16.max, bytes.count + name.count + value.count <= 1 << 30 else {
      return .failure(.tooLong)
    }
    let start = bytes.count
    bytes.append(contentsOf: name)
    bytes.append(contentsOf: value)
    return .success(
      Entry(
        nameStart: UInt32(start), valueStart: UInt32(start + name.count), valueCount: UInt32(value.count),
        nameCount: UInt16(name.count), known: known))
  }

  private mutating func replace(_ entry: Entry, at index: Int?) {
    guard let index else { return entries.append(entry) }
    entries[index] = entry
    let name = bytes.withUnsafeBytes { String(decoding: entry.name(in: $0), as: UTF8.self) }
    let all = matching(name) { isMatch in entries.indices.filter { $0 > index && isMatch(entries[$0]) } }
    for extra in all.reversed() { entries.remove(at: extra) }
    compactIfWasteful()
  }

  /// What was replaced stays in `bytes`; without this, a field set again and again would grow for ever.
  private mutating func compactIfWasteful() {
    guard bytes.count > 4_096 else { return }
    let live = entries.reduce(0) { $0 + Int($1.nameCount) + Int($1.valueCount) }
    guard bytes.count > 4 * live else { return }
    let old = bytes
    bytes = []
    old.withUnsafeBytes { all in
      for index in entries.indices {
        let name = entries[index].name(in: all)
        let value = entries[index].value(in: all)
        entries[index].nameStart = UInt32(bytes.count)
        entries[index].valueStart = UInt32(bytes.count + name.count)
        bytes.append(contentsOf: name)
        bytes.append(contentsOf: value)
      }
    }
  }
}

extension KnownField {
  /// Lives as long as the program.
  var nameBytes: UnsafeRawBufferPointer {
    UnsafeRawBufferPointer(start: name.utf8Start, count: name.utf8CodeUnitCount)
  }
}
