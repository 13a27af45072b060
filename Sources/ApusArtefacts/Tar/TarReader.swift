/// Reads tar as Debian's tar, Python and `ArtefactArchive` write it, in pieces of any size, without I/O.
///
/// Strict where others guess: whatever is not a file or a folder, could lead out of the target, or could be read in two
/// ways, ends the archive with an error.
package struct TarReader: ~Copyable, Sendable {
  /// What the caller does next.
  package enum Event {
    /// Also for the root, where the archive has it.
    case folder(TarPath)
    case file(TarPath, byteCount: Int, isExecutable: Bool)
    /// The next bytes of the file announced last; they stand in the input.
    case content(UnsafeRawBufferPointer)
    case fileEnd
  }

  private enum Header {
    case longName, records, globalRecords
  }

  private enum State {
    case header
    case extended(Header, remaining: Int)
    case content(remaining: Int)
    /// Up to the next block.
    case padding(Int)
    /// After the two blocks of zeros.
    case end(trailing: Int)
    case failed(TarError)
  }

  private let limits: ArtefactLimits
  private var state = State.header
  private var block: [UInt8] = []
  private var payload: [UInt8] = []
  private var pending = TarPreface()
  private var paths = TarPaths()
  private var totalBytes = 0
  private var headerCount = 0
  private var hasZeroBlock = false
  /// Bytes taken so far.
  private var position = 0
  /// Where the current header began, and the entry's name where it is known: for errors.
  private var headerOffset = 0
  private var entry: String?

  package init(limits: ArtefactLimits = ArtefactLimits()) {
    self.limits = limits
    block.reserveCapacity(TarHeader.size)
  }

  /// Takes bytes off the front of `input` up to the next event; nil when all are taken. An error is final.
  package mutating func next(_ input: inout UnsafeRawBufferPointer) throws(TarError) -> Event? {
    do throws(TarError.Reason) {
      return try advance(&input)
    } catch {
      throw fail(error)
    }
  }

  /// Says that no byte follows. Not an error: an archive without entries.
  package mutating func finish() throws(TarError) {
    switch state {
    case .end: return
    case .failed(let error): throw error
    default: throw fail(.truncated)
    }
  }

  private mutating func fail(_ reason: TarError.Reason) -> TarError {
    if case .failed(let error) = state { return error }
    let error = TarError(reason: reason, entry: entry, offset: headerOffset)
    state = .failed(error)
    return error
  }

  private mutating func advance(_ input: inout UnsafeRawBufferPointer) throws(TarError.Reason) -> Event? {
    while true {
      switch state {
      case .header:
        if block.isEmpty { headerOffset = position }
        block.append(contentsOf: take(TarHeader.size - block.count, of: &input))
        guard block.count == TarHeader.size else { return nil }
        defer { block.removeAll(keepingCapacity: true) }
        if let event = try takeHeader() { return event }
      case .extended(let header, let remaining):
        let bytes = take(remaining, of: &input)
        payload.append(contentsOf: bytes)
        state = .extended(header, remaining: remaining - bytes.count)
        guard remaining == bytes.count else { return nil }
        try takeExtension(header)
      case .content(0):
        state = .padding(-position & (TarHeader.size - 1))
        return .fileEnd
      case .content(let remaining):
        let bytes = take(remaining, of: &input)
        guard !bytes.isEmpty else { return nil }
        state = .content(remaining: remaining - bytes.count)
        return .content(bytes)
      case .padding(let remaining):
        let count = take(remaining, of: &input).count
        state = count == remaining ? .header : .padding(remaining - count)
        guard count == remaining else { return nil }
      case .end(let trailing):
        let bytes = take(input.count, of: &input)
        state = .end(trailing: trailing + bytes.count)
        guard bytes.allSatisfy({ $0 == 0 }) else { throw .dataAfterEnd }
        guard trailing + bytes.count <= limits.trailingBytes else { throw .tooMuchPadding(limit: limits.trailingBytes) }
        return nil
      case .failed(let error):
        throw error.reason
      }
    }
  }

  /// At most `count` bytes off the front.
  private mutating func take(_ count: Int, of input: inout UnsafeRawBufferPointer) -> UnsafeRawBufferPointer {
    let taken = UnsafeRawBufferPointer(rebasing: input.prefix(count))
    input = UnsafeRawBufferPointer(rebasing: input.dropFirst(count))
    position += taken.count
    return taken
  }

  private mutating func takeHeader() throws(TarError.Reason) -> Event? {
    entry = nil
    if block.allSatisfy({ $0 == 0 }) {
      guard pending.isEmpty else { throw .badExtension("belongs to no entry") }
      if hasZeroBlock { state = .end(trailing: 0) }
      hasZeroBlock = true
      return nil
    }
    guard !hasZeroBlock else { throw .dataAfterEnd }
    let header = try TarHeader(block)
    headerCount += 1
    entry = String(decoding: pending.path ?? header.path, as: UTF8.self)
    switch header.flag {
    case UInt8(ascii: "0"), 0: return try takeFile(header)
    case UInt8(ascii: "5"): return try takeFolder(header)
    case UInt8(ascii: "x") where !pending.hasRecords: try expect(.records, header)
    case UInt8(ascii: "L") where !pending.hasLongName: try expect(.longName, header)
    case UInt8(ascii: "g") where headerCount == 1: try expect(.globalRecords, header)
    case UInt8(ascii: "x"), UInt8(ascii: "L"), UInt8(ascii: "g"): throw .badExtension("is not where it may stand")
    case UInt8(ascii: "1"): throw .kind(.hardLink)
    // GNU's K has the target of a link that is too long for its field.
    case UInt8(ascii: "2"), UInt8(ascii: "K"): throw .kind(.symbolicLink)
    case UInt8(ascii: "3"), UInt8(ascii: "4"): throw .kind(.device)
    case UInt8(ascii: "6"): throw .kind(.fifo)
    case UInt8(ascii: "S"): throw .kind(.sparse)
    case let flag: throw .kind(.other(flag))
    }
    return nil
  }

  private mutating func expect(_ kind: Header, _ header: TarHeader) throws(TarError.Reason) {
    guard header.byteCount <= limits.extensionBytes else { throw .extensionTooLong(limit: limits.extensionBytes) }
    payload.removeAll(keepingCapacity: true)
    state = .extended(kind, remaining: Int(header.byteCount))
  }

  private mutating func takeExtension(_ kind: Header) throws(TarError.Reason) {
    switch kind {
    case .longName: try pending.takeLongName(payload)
    case .records: try pending.takeRecords(payload, isGlobal: false)
    case .globalRecords: try pending.takeRecords(payload, isGlobal: true)
    }
    state = .padding(-position & (TarHeader.size - 1))
  }

  private mutating func takeFile(_ header: TarHeader) throws(TarError.Reason) -> Event {
    let raw = pending.path ?? header.path
    let byteCount = pending.byteCount ?? header.byteCount
    pending = TarPreface()
    let path = try TarPath(raw, limits: limits)
    guard raw.last != UInt8(ascii: "/") else { throw .fileNamedAsFolder }
    guard !path.isRoot else { throw .emptyPath }
    try paths.insert(path, .file, limits)
    guard byteCount <= limits.fileBytes else { throw .fileTooLarge(limit: limits.fileBytes) }
    totalBytes += Int(byteCount)
    guard totalBytes <= limits.totalBytes else { throw .totalTooLarge(limit: limits.totalBytes) }
    state = .content(remaining: Int(byteCount))
    return .file(path, byteCount: Int(byteCount), isExecutable: header.isExecutable)
  }

  private mutating func takeFolder(_ header: TarHeader) throws(TarError.Reason) -> Event {
    let raw = pending.path ?? header.path
    let byteCount = pending.byteCount ?? header.byteCount
    pending = TarPreface()
    let path = try TarPath(raw, limits: limits)
    guard byteCount == 0 else { throw .folderWithContent }
    try paths.insert(path, .folder, limits)
    return .folder(path)
  }
}
