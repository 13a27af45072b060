import ApusYAML
import Glibc

/// The stack.yml, as far as starting its functions needs it.
enum StackFile {
  /// A stack of thousands of functions stays far below.
  private static let limit = 1 << 20

  /// The names of the functions, in the order of the file.
  static func functionNames(_ path: String) throws(StackFileError) -> [String] {
    let text = try read(path)
    let documents: [YAMLNode]
    do throws(YAMLError) {
      documents = try YAMLParser.parse(text)
    } catch {
      throw StackFileError(description: "\(path): \(error)")
    }
    guard let functions = documents.first?["functions"], let entries = functions.entries, !entries.isEmpty else {
      throw StackFileError(
        description: "\(path) names no functions. Add them under `functions:`, each by its name")
    }
    return entries.compactMap(\.key.text)
  }

  private static func read(_ path: String) throws(StackFileError) -> String {
    guard let file = fopen(path, "re") else {
      throw StackFileError(
        description: "can't read \(path): \(String(cString: strerror(errno)))."
          + " Run apus in the folder of a stack.yml, or name one with -f")
    }
    defer { fclose(file) }
    var bytes = [UInt8](repeating: 0, count: limit + 1)
    let count = fread(&bytes, 1, bytes.count, file)
    guard count <= limit else { throw StackFileError(description: "\(path) is larger than \(limit) bytes") }
    return String(decoding: bytes.prefix(count), as: UTF8.self)
  }
}

/// A stack.yml that can't be used.
struct StackFileError: Error, CustomStringConvertible {
  /// What is wrong and what to do.
  let description: String
}
