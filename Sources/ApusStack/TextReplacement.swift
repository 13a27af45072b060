/// Puts one text in the place of another.
struct TextReplacement {
  enum Place {
    case first
    case everywhere
    case prefix
    case suffix
  }

  private let old: [UInt8]
  private let new: [UInt8]
  private let place: Place

  init(of old: String, by new: String, _ place: Place) {
    self.old = Array(old.utf8)
    self.new = Array(new.utf8)
    self.place = place
  }

  /// Nil if the result would have more than `limit` bytes. Nothing is found where the old text is empty.
  func applied(to text: String, limit: Int) -> String? {
    let bytes = Array(text.utf8)
    guard !old.isEmpty else { return text }
    var result: [UInt8] = []
    switch place {
    case .prefix:
      guard bytes.starts(with: old) else { return text }
      result = new + bytes.dropFirst(old.count)
    case .suffix:
      guard bytes.reversed().starts(with: old.reversed()) else { return text }
      result = bytes.dropLast(old.count) + new
    case .first, .everywhere:
      var index = 0
      var isDone = false
      while index < bytes.count {
        if !isDone, bytes[index...].starts(with: old) {
          result += new
          index += old.count
          isDone = place == .first
        } else {
          result.append(bytes[index])
          index += 1
        }
        guard result.count <= limit else { return nil }
      }
    }
    return result.count <= limit ? String(decoding: result, as: UTF8.self) : nil
  }
}
