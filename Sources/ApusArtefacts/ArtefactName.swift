internal import ApusModel

/// What an `image` names: a function's program and files, stored under a name and a tag in one namespace.
///
/// An `image` of a stack.yml that was written for a registry is taken too: of `ghcr.io/x/hello:1.2` the last part
/// counts, `hello:1.2`, because there is no registry here to tell apart. So `a/hello:1` and `b/hello:1` are one
/// artefact. Paths of this host (`/usr/bin/env`, `./hello`) are none, and neither is content named by digest.
package struct ArtefactName: Hashable, Sendable {
  package static let defaultTag = "latest"
  /// What a whole reference may have, the repository part of Docker's included.
  package static let imageLimit = 512
  package static let nameLimit = 128
  /// A first character, and 127 after it.
  package static let tagLimit = 128

  /// A DNS label, so never a folder that begins with a dot.
  package let namespace: String
  /// Lower-case letters, digits and single separators between them; never begins with a dot.
  package let name: String
  /// `[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}`
  package let tag: String

  /// Takes the three parts; an absent or empty tag is `latest`, an absent or empty namespace the default one.
  package init(name: String, tag: String? = nil, namespace: String? = nil) throws(ArtefactNameError) {
    try Self.check(part: name, of: name)
    guard name.utf8.count <= Self.nameLimit else { throw .tooLong(name, limit: Self.nameLimit) }
    self.name = name
    self.tag = tag.flatMap { $0.isEmpty ? nil : $0 } ?? Self.defaultTag
    try Self.check(tag: self.tag)
    do {
      // Any function's name will do: what is checked here is the namespace.
      self.namespace = try FunctionName(name: "artefact", namespace: namespace).namespace
    } catch {
      throw .namespace(error)
    }
  }

  /// Takes an `image` as a deployment or a stack.yml carries it: `hello`, `hello:1.2`, `ghcr.io/x/hello:1.2`.
  package init(image: String, namespace: String? = nil) throws(ArtefactNameError) {
    guard !image.isEmpty else { throw .empty }
    guard image.utf8.count <= Self.imageLimit else { throw .tooLong(image, limit: Self.imageLimit) }
    guard !image.utf8.contains(UInt8(ascii: "@")) else { throw .digest(image) }
    let parts = image.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
    guard parts.allSatisfy({ !$0.isEmpty && $0 != "." && $0 != ".." }), let last = parts.last else {
      throw .path(image)
    }
    for (position, part) in parts.dropLast().enumerated() {
      if position == 0, Self.isHost(part) { continue }
      try Self.check(part: part, of: image)
    }
    guard let colon = last.firstIndex(of: ":") else {
      try self.init(name: last, namespace: namespace)
      return
    }
    let tag = String(last[last.index(after: colon)...])
    // Unlike an absent tag, `hello:` announces one and then has none.
    try Self.check(tag: tag)
    try self.init(name: String(last[..<colon]), tag: tag, namespace: namespace)
  }

  /// `name:tag`, the shortest `image` that means it.
  package var image: String { "\(name):\(tag)" }

  /// A registry as Docker tells it from a path: a dot or a port in it, or `localhost`.
  private static func isHost(_ part: String) -> Bool {
    let bytes = part.utf8
    guard bytes.allSatisfy({ $0.isLowerCaseOrDigit || $0.isUpperCase || Array(".-:".utf8).contains($0) }) else {
      return false
    }
    return part == "localhost" || bytes.contains(UInt8(ascii: ".")) || bytes.contains(UInt8(ascii: ":"))
  }

  /// `[a-z0-9]+` with `.`, `_`, `__` or any number of `-` between such runs, as registries spell a path's parts.
  private static func check(part: String, of image: String) throws(ArtefactNameError) {
    let bytes = Array(part.utf8)
    guard !bytes.isEmpty else { throw .empty }
    var runStart = 0
    for (position, byte) in bytes.enumerated() {
      if byte.isLowerCaseOrDigit {
        let separator = String(decoding: bytes[runStart..<position], as: UTF8.self)
        let isJoint = [".", "_", "__"].contains(separator) || separator.utf8.allSatisfy { $0 == UInt8(ascii: "-") }
        guard isJoint, runStart > 0 || position == 0 else { throw .misplaced(separator, in: image) }
        runStart = position + 1
      } else if !Array("._-".utf8).contains(byte) {
        // All bytes before this one are ASCII, so the byte begins a character.
        let character = part[part.utf8.index(part.startIndex, offsetBy: position)...].prefix(1)
        throw .misplaced(String(character), in: image)
      }
    }
    guard runStart == bytes.count else {
      throw .misplaced(String(decoding: bytes[runStart...], as: UTF8.self), in: image)
    }
  }

  private static func check(tag: String) throws(ArtefactNameError) {
    let bytes = tag.utf8
    guard let first = bytes.first, bytes.count <= tagLimit, first.isWordByte,
      bytes.allSatisfy({ $0.isWordByte || $0 == UInt8(ascii: ".") || $0 == UInt8(ascii: "-") })
    else { throw .tag(tag) }
  }
}

extension ArtefactName: CustomStringConvertible {
  /// As people write it: without the namespace where that is the default one.
  package var description: String {
    namespace == FunctionName.defaultNamespace ? image : "\(image) (namespace \(namespace))"
  }
}

extension UInt8 {
  fileprivate var isLowerCaseOrDigit: Bool {
    (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(self) || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(self)
  }

  fileprivate var isUpperCase: Bool { (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(self) }

  fileprivate var isWordByte: Bool { isLowerCaseOrDigit || isUpperCase || self == UInt8(ascii: "_") }
}
