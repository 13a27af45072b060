extension JSONCodec {
  /// How encoded text looks; what it means stays the same.
  package struct Format: Sendable, Equatable {
    /// Members in the order of their keys' UTF-8 bytes, so that equal values give equal text.
    package var sortedKeys: Bool
    /// One member or element a line, indented by two spaces.
    package var pretty: Bool

    package init(sortedKeys: Bool = false, pretty: Bool = false) {
      self.sortedKeys = sortedKeys
      self.pretty = pretty
    }

    /// No space at all, members in the order in which they were encoded: the fastest.
    package static let compact = Format()
  }
}
