/// A form's parts (RFC 7578), read in one go.
package struct MultipartForm: Sendable {
  package struct Part: Sendable, Equatable {
    package var name: String
    /// As its sender calls it, if it is a file.
    package var file: String?
    package var content: [UInt8]

    package init(name: String, file: String? = nil, content: [UInt8]) {
      self.name = name
      self.file = file
      self.content = content
    }
  }

  /// Bytes of a part's head: a name needs a hundred.
  private static let headMaximum = 8_192

  package private(set) var parts: [Part] = []

  /// The boundary that a `Content-Type` names; nil if it is no form.
  package static func boundary(of contentType: String) -> String? {
    let fields = contentType.split(separator: ";")
    guard let type = fields.first, trimmed(type).lowercased() == "multipart/form-data" else { return nil }
    for field in fields.dropFirst() {
      let pair = field.split(separator: "=", maxSplits: 1)
      guard pair.count == 2, trimmed(pair[0]).lowercased() == "boundary" else { continue }
      let value = trimmed(pair[1])
      let bare =
        value.hasPrefix("\"") && value.hasSuffix("\"") && value.count > 1 ? value.dropFirst().dropLast() : value
      // RFC 2046 section 5.1.1.
      return (1...70).contains(bare.utf8.count) ? String(bare) : nil
    }
    return nil
  }

  private static func trimmed(_ text: Substring) -> Substring {
    let front = text.drop { $0 == " " || $0 == "\t" }
    guard let last = front.lastIndex(where: { $0 != " " && $0 != "\t" }) else { return "" }
    return front[...last]
  }

  /// Refuses what does not end as a form does, and more than `most` parts; what stands before the first and behind the
  /// last delimiter is passed over (RFC 2046 section 5.1.1).
  package init(_ bytes: [UInt8], boundary: String, most: Int) throws(FormError) {
    let delimiter = Array("--\(boundary)".utf8)
    let between = Array("\r\n--\(boundary)".utf8)
    var position = delimiter.count
    if !bytes.starts(with: delimiter) {
      guard let preamble = Self.find(between, in: bytes, from: 0) else { throw .damaged }
      position = preamble + between.count
    }
    while true {
      let rest = bytes[position...]
      if rest.starts(with: "--".utf8) { return }
      guard rest.starts(with: "\r\n".utf8) else { throw .damaged }
      guard parts.count < most else { throw .tooManyParts(limit: most) }
      guard let headEnd = Self.find(Array("\r\n\r\n".utf8), in: bytes, from: position) else { throw .damaged }
      guard headEnd - position <= Self.headMaximum else { throw .longHead(limit: Self.headMaximum) }
      let start = headEnd + 4
      guard let end = Self.find(between, in: bytes, from: start - 2), end >= start - 2 else { throw .damaged }
      let told = Self.disposition(bytes[(position + 2)..<max(headEnd, position + 2)])
      guard let name = told["name"] else { throw .damaged }
      parts.append(Part(name: name, file: told["filename"], content: end > start ? Array(bytes[start..<end]) : []))
      position = end + between.count
    }
  }

  /// What `Content-Disposition: form-data; name="…"; filename="…"` tells; of what it tells twice, the first.
  private static func disposition(_ head: ArraySlice<UInt8>) -> [String: String] {
    for line in String(decoding: head, as: UTF8.self).split(separator: "\r\n" as Character) {
      guard line.lowercased().hasPrefix("content-disposition:") else { continue }
      var told: [String: String] = [:]
      for field in fields(of: line).dropFirst() {
        let pair = field.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
        guard pair.count == 2 else { continue }
        let value = trimmed(pair[1])
        let isQuoted = value.count > 1 && value.hasPrefix("\"") && value.hasSuffix("\"")
        let name = trimmed(pair[0]).lowercased()
        if told[name] == nil { told[name] = String(isQuoted ? value.dropFirst().dropLast() : value) }
      }
      return told
    }
    return [:]
  }

  /// Between semicolons; one inside quotes is part of a name, as is a quote behind a backslash.
  private static func fields(of line: Substring) -> [Substring] {
    var (isQuoted, isEscaped) = (false, false)
    return line.split { letter in
      defer { isEscaped = letter == "\\" && isQuoted && !isEscaped }
      if letter == "\"", !isEscaped { isQuoted.toggle() }
      return letter == ";" && !isQuoted
    }
  }

  /// Knuth, Morris and Pratt's way, so that no content makes it slow.
  private static func find(_ needle: [UInt8], in bytes: [UInt8], from start: Int) -> Int? {
    var fallback = [0]
    var length = 0
    for index in 1..<needle.count {
      while length > 0 && needle[index] != needle[length] { length = fallback[length - 1] }
      if needle[index] == needle[length] { length += 1 }
      fallback.append(length)
    }
    length = 0
    return bytes.withUnsafeBufferPointer { bytes in
      var index = start
      while index < bytes.count {
        while length > 0 && bytes[index] != needle[length] { length = fallback[length - 1] }
        if bytes[index] == needle[length] { length += 1 }
        if length == needle.count { return index - needle.count + 1 }
        index += 1
      }
      return nil
    }
  }
}
