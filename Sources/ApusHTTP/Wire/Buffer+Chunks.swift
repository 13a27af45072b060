package import ApusIO

extension Buffer {
  /// One chunk; nothing for no bytes, as an empty chunk would end the content.
  package mutating func appendChunk(_ bytes: UnsafeRawBufferPointer) {
    guard bytes.count > 0 else { return }
    appendChunkSize(bytes.count)
    append(bytes)
    appendChunkEnd()
  }

  /// The size line, when the data itself goes by writev; `appendChunkEnd` must follow the data.
  package mutating func appendChunkSize(_ count: Int) {
    guard count > 0 else { return }
    append(UInt64(count), radix: 16)
    append("\r\n")
  }

  package mutating func appendChunkEnd() { append("\r\n") }

  /// Ends chunked content. Trailers that a recipient would have to ignore are not sent (RFC 9110 section 6.5.1).
  package mutating func appendLastChunk(trailers: Fields = Fields()) {
    append("0\r\n")
    trailers.bytes.withUnsafeBytes { all in
      for entry in trailers.entries where !KnownFieldSet.forbiddenInTrailers.contains(entry.known) {
        let name = entry.name(in: all)
        if KnownFieldSet.forbiddenInTrailers.containsDisguised(name, beginning: "x-apus-") { continue }
        appendLine(name, entry.value(in: all))
      }
    }
    append("\r\n")
  }
}
