package import ApusIO

extension Buffer {
  /// One field line. Name and value must have been checked, as all that is in `Fields` is.
  @inline(__always)
  mutating func appendLine(_ name: UnsafeRawBufferPointer, _ value: UnsafeRawBufferPointer) {
    let length = name.count + value.count + 4
    let room = reserve(length)
    guard let base = room.baseAddress, let start = name.baseAddress else { return }
    base.copyMemory(from: start, byteCount: name.count)
    base.storeBytes(of: 0x203A, toByteOffset: name.count, as: UInt16.self)
    if let content = value.baseAddress {
      (base + name.count + 2).copyMemory(from: content, byteCount: value.count)
    }
    base.storeBytes(of: 0x0A0D, toByteOffset: length - 2, as: UInt16.self)
    commit(length)
  }

  /// The fields that go on to the next hop, in order and byte for byte, for a proxy.
  ///
  /// Left out are those of one connection only, those that `Connection` names (RFC 9110 section 7.6.1), Content-Length,
  /// which `appendFraming` writes, and `excluded`, with `disguised` also where a name has `_` for `-`, and those whose
  /// name begins with `prefix`. Naming `Host` in `Connection` has no effect: a request needs it.
  package mutating func appendEndToEnd(
    _ fields: Fields, except excluded: KnownFieldSet = [], disguised: Bool = false,
    beginning prefix: StaticString? = nil
  ) {
    var dropped = KnownFieldSet.notEndToEnd.union(excluded)
    let hasOwnOptions = fields.gatherOptions(into: &dropped)
    fields.bytes.withUnsafeBytes { all in
      for entry in fields.entries where !dropped.contains(entry.known) {
        let name = entry.name(in: all)
        if entry.known == .other {
          if hasOwnOptions, fields.isOption(name) { continue }
          if disguised, dropped.containsDisguised(name, beginning: prefix) { continue }
        }
        appendLine(name, entry.value(in: all))
      }
    }
  }

  /// The line that says how the content ends, for a head that is put together by hand. None for `none`, `untilClose`.
  package mutating func appendFraming(_ framing: Framing) {
    switch framing {
    case .length(let length):
      append("Content-Length: ")
      appendDecimal(length)
      append("\r\n")
    case .chunked: append("Transfer-Encoding: chunked\r\n")
    case .none, .untilClose: break
    }
  }

  /// Ends a head that is put together by hand.
  package mutating func appendEndOfHead() { append("\r\n") }

  mutating func appendDecimal(_ number: UInt64) {
    guard number >= 10 else { return append(0x30 + UInt8(truncatingIfNeeded: number)) }
    append(number, radix: 10)
  }
}

extension Fields {
  /// Adds the known fields that `Connection` names to `set`; true if it names others besides.
  func gatherOptions(into set: inout KnownFieldSet) -> Bool {
    var hasOthers = false
    forEachOption { option in
      let known = KnownField(any: option)
      // `close` is the one usual option that names no field.
      if known == .other, !equalIgnoringCase(option, "close") { hasOthers = true }
      if known != .host { set.insert(known) }
    }
    return hasOthers
  }

  func isOption(_ name: UnsafeRawBufferPointer) -> Bool {
    var isNamed = false
    forEachOption { option in isNamed = isNamed || equalIgnoringCase(option, name) }
    return isNamed
  }

  private func forEachOption(_ body: (UnsafeRawBufferPointer) -> Void) {
    bytes.withUnsafeBytes { all in
      for entry in entries where entry.known == .connection {
        forEachListElement(entry.value(in: all), body)
      }
    }
  }
}
