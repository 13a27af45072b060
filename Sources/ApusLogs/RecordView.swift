/// One record of a segment file, over bytes that belong to somebody else.
///
/// A head of 24 bytes, little-endian: size of the whole (4), check (4), wall time in nanoseconds (8), flags (1), length
/// of the instance (1), length of the call id (1), zero (1), bytes cut from the line (4). Then instance, call id, text.
struct RecordView {
  static let headBytes = 24
  /// An instance's and a call id's length is one byte.
  static let nameBytesMax = 255

  var nanoseconds: Int64
  var stream: LogStream
  var isNotice = false
  var bytesMissing: UInt32 = 0
  var instance: UnsafeRawBufferPointer
  var callID: UnsafeRawBufferPointer
  var text: UnsafeRawBufferPointer

  private static let stderrFlag: UInt8 = 1
  private static let noticeFlag: UInt8 = 2

  init(
    nanoseconds: Int64, stream: LogStream, instance: UnsafeRawBufferPointer, callID: UnsafeRawBufferPointer,
    text: UnsafeRawBufferPointer
  ) {
    self.nanoseconds = nanoseconds
    self.stream = stream
    self.instance = UnsafeRawBufferPointer(rebasing: instance.prefix(RecordView.nameBytesMax))
    self.callID = UnsafeRawBufferPointer(rebasing: callID.prefix(RecordView.nameBytesMax))
    self.text = text
  }

  var size: Int { RecordView.headBytes + instance.count + callID.count + text.count }

  // MARK: - Writing

  func append(to bytes: inout [UInt8]) {
    let start = bytes.count
    let flags = (stream == .stderr ? RecordView.stderrFlag : 0) | (isNotice ? RecordView.noticeFlag : 0)
    let lengths = UInt32(flags) | UInt32(instance.count) << 8 | UInt32(callID.count) << 16
    // The check takes its place at last: it covers all that follows it.
    let head = (
      UInt64(size).littleEndian, nanoseconds.littleEndian,
      (UInt64(lengths) | UInt64(bytesMissing) << 32).littleEndian
    )
    withUnsafeBytes(of: head) { bytes.append(contentsOf: $0) }
    bytes.append(contentsOf: instance)
    bytes.append(contentsOf: callID)
    bytes.append(contentsOf: text)
    bytes.withUnsafeMutableBytes { whole in
      let check = RecordView.check(UnsafeRawBufferPointer(rebasing: whole[(start + 8)...]))
      whole.storeBytes(of: check.littleEndian, toByteOffset: start + 4, as: UInt32.self)
    }
  }

  // MARK: - Reading

  /// The size that a record's head names, if it can be one.
  static func size(at bytes: UnsafeRawBufferPointer) -> Int? {
    guard bytes.count >= 4 else { return nil }
    let size = Int(UInt32(littleEndian: bytes.loadUnaligned(as: UInt32.self)))
    return size >= headBytes ? size : nil
  }

  /// The record at the front of `bytes`; nil if it is not whole or not what was written.
  init?(reading bytes: UnsafeRawBufferPointer) {
    guard let size = RecordView.size(at: bytes), size <= bytes.count else { return nil }
    let check = UInt32(littleEndian: bytes.loadUnaligned(fromByteOffset: 4, as: UInt32.self))
    guard check == RecordView.check(UnsafeRawBufferPointer(rebasing: bytes[8..<size])) else { return nil }
    let instanceEnd = RecordView.headBytes + Int(bytes[17])
    let callEnd = instanceEnd + Int(bytes[18])
    guard callEnd <= size else { return nil }
    nanoseconds = Int64(littleEndian: bytes.loadUnaligned(fromByteOffset: 8, as: Int64.self))
    stream = bytes[16] & RecordView.stderrFlag != 0 ? .stderr : .stdout
    isNotice = bytes[16] & RecordView.noticeFlag != 0
    bytesMissing = UInt32(littleEndian: bytes.loadUnaligned(fromByteOffset: 20, as: UInt32.self))
    instance = UnsafeRawBufferPointer(rebasing: bytes[RecordView.headBytes..<instanceEnd])
    callID = UnsafeRawBufferPointer(rebasing: bytes[instanceEnd..<callEnd])
    text = UnsafeRawBufferPointer(rebasing: bytes[callEnd..<size])
  }

  /// Folds all bytes into 32 bits, eight at a time: finds a torn or overwritten record, not a forged one.
  ///
  /// Each step can be undone (exclusive or, an odd factor, a shift into itself), so two contents that differ in one
  /// word never meet before the last line cuts the result in half.
  private static func check(_ bytes: UnsafeRawBufferPointer) -> UInt32 {
    let factor: UInt64 = 0x9E37_79B9_7F4A_7C15
    var sum = UInt64(bytes.count) &* factor
    var at = 0
    while at + 8 <= bytes.count {
      sum = (sum ^ UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: at, as: UInt64.self))) &* factor
      sum ^= sum >> 32
      at += 8
    }
    var last: UInt64 = 0
    while at < bytes.count {
      last = last << 8 | UInt64(bytes[at])
      at += 1
    }
    sum = (sum ^ last) &* factor
    return UInt32(truncatingIfNeeded: sum >> 32)
  }
}
