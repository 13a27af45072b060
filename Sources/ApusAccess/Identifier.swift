/// Names that others give and that end in fields and log lines: visible ASCII, bounded.
enum Identifier {
  static func isValid(_ text: String) -> Bool {
    let bytes = text.utf8
    return (1...AccessLimits.identifierBytes).contains(bytes.count) && bytes.allSatisfy { 0x21...0x7E ~= $0 }
  }
}
