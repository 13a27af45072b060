extension JSONCodec {
  /// How large and how deep a document may be.
  package struct Limits: Sendable, Equatable {
    /// Deep enough for any API met in practice (below 20 levels), and shallow enough that a recursive type
    /// decodes on a thread with a stack of 512 KiB.
    package static let depthDefault = 64
    /// Values of recursive types are built, compared and freed recursively: beyond this a stack of 8 MiB is at risk.
    package static let depthMaximum = 512
    /// Whoever reads a body knows better and says so; this only keeps a forgotten limit from meaning "none".
    package static let bytesDefault = 16 << 20
    /// Offsets in the tape are 32 bits wide.
    package static let bytesMaximum = Int(Int32.max)

    /// Bytes of text that are looked at; a longer document is refused unread.
    package let bytes: Int
    /// Levels of arrays and objects inside each other.
    package let depth: Int

    /// Values outside what the parser can hold are brought back to its bounds.
    package init(bytes: Int = bytesDefault, depth: Int = depthDefault) {
      self.bytes = min(max(bytes, 0), Self.bytesMaximum)
      self.depth = min(max(depth, 0), Self.depthMaximum)
    }
  }
}
