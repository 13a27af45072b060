import ApusModel

/// A folder that outlives replicas, and where a replica sees it.
package struct Volume: Hashable, Sendable {
  /// A DNS label: all functions of a namespace that name it share the folder.
  package let name: String
  /// Absolute, without `.` and `..`.
  package let path: String

  /// Folders that the launcher makes itself; a volume there would hide them, or be hidden.
  private static let reserved = ["/proc", "/sys", "/dev", "/var/openfaas/secrets", "/home/app"]

  package init(name: String, path: String) throws(VolumeError) {
    do throws(NameError) { try DNSName.checkLabel(name, subject: "volume name") } catch { throw .name(error) }
    let parts = path.split(separator: "/", omittingEmptySubsequences: false).dropFirst()
    let isPlain = parts.allSatisfy { !$0.isEmpty && $0 != "." && $0 != ".." }
    guard path.hasPrefix("/"), isPlain, path.utf8.allSatisfy({ $0 >= 0x20 && $0 != 0x7F }) else { throw .path(path) }
    if let folder = Self.reserved.first(where: { Self.overlap($0, path) }) {
      throw .reserved(path, folder: folder)
    }
    self.name = name
    self.path = path
  }

  func overlaps(_ other: Volume) -> Bool { Self.overlap(path, other.path) }

  /// Whether one path is the other, or lies in it.
  private static func overlap(_ one: String, _ other: String) -> Bool {
    one == other || one.hasPrefix(other + "/") || other.hasPrefix(one + "/")
  }
}
