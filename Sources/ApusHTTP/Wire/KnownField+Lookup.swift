extension KnownField {
  /// The field of that name, whatever its case; `other` if it isn't a known one.
  package init(_ name: String) {
    var name = name
    self = name.withUTF8 { KnownField(any: UnsafeRawBufferPointer($0)) }
  }

  /// For bytes that nobody has checked yet.
  init(any name: UnsafeRawBufferPointer) {
    guard let base = name.baseAddress, name.count > 0, ByteSet.token.holdsAll(name) else {
      self = .other
      return
    }
    self.init(token: base.assumingMemoryBound(to: UInt8.self), name.count)
  }

  /// For a token of at least one byte. Among token characters, setting bit 5 folds letters and leaves digits and the
  /// dash alone, so that names can be compared eight bytes at a time.
  @inline(__always) init(token base: UnsafePointer<UInt8>, _ count: Int) {
    let slots = KnownField.slots
    var slot = KnownField.hash(base, count)
    while slots[slot] != 0 {
      guard let field = KnownField(rawValue: slots[slot]) else { break }
      if field.isNamed(base, count) {
        self = field
        return
      }
      slot = (slot &+ 1) & 255
    }
    self = .other
  }

  /// Open addressing over four times as many slots as there are names: a miss usually meets an empty one at once.
  private static let slots: [UInt8] = {
    var slots = [UInt8](repeating: 0, count: 256)
    for field in KnownField.allCases where field != .other {
      var slot = hash(field.name.utf8Start, field.name.utf8CodeUnitCount)
      while slots[slot] != 0 { slot = (slot + 1) & 255 }
      slots[slot] = field.rawValue
    }
    return slots
  }()

  @inline(__always) private static func hash(_ base: UnsafePointer<UInt8>, _ count: Int) -> Int {
    let first = Int(base[0] | 0x20)
    let middle = Int(base[count &>> 1] | 0x20)
    let last = Int(base[count &- 1] | 0x20)
    return (count &* 23 &+ first &* 5 &+ middle &* 59 &+ last &* 17) & 255
  }

  @inline(__always) private func isNamed(_ base: UnsafePointer<UInt8>, _ count: Int) -> Bool {
    let name = self.name
    guard name.utf8CodeUnitCount == count else { return false }
    let ours = UnsafeRawPointer(name.utf8Start)
    let theirs = UnsafeRawPointer(base)
    var at = 0
    while at &+ 8 <= count {
      let difference =
        ours.loadUnaligned(fromByteOffset: at, as: UInt64.self)
        ^ theirs.loadUnaligned(fromByteOffset: at, as: UInt64.self)
      if difference & 0xDFDF_DFDF_DFDF_DFDF != 0 { return false }
      at &+= 8
    }
    while at < count {
      if (name.utf8Start[at] ^ base[at]) & 0xDF != 0 { return false }
      at &+= 1
    }
    return true
  }
}
