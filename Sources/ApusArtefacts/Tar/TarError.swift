internal import ApusModel

/// Why bytes are not an archive that we unpack.
package struct TarError: Error, Equatable, Sendable {
  package let reason: Reason
  /// The entry at fault, as the archive names it; nil where that is not known.
  package let entry: String?
  /// Bytes before the header at fault.
  package let offset: Int

  package enum Reason: Error, Equatable, Sendable {
    case compressed(with: String)
    case notTar
    case damagedHeader
    case badNumber(field: String)
    case badExtension(String)
    case extensionTooLong(limit: Int)
    case truncated
    case dataAfterEnd
    case tooMuchPadding(limit: Int)

    case kind(Kind)
    case emptyPath, nulInPath, absolutePath, parentInPath, pathNotUTF8
    case pathTooLong(limit: Int)
    case tooDeep(limit: Int)
    case duplicatePath
    /// Its path leads through a file.
    case underFile
    /// A name that ends in a slash, for what is not a folder.
    case fileNamedAsFolder
    case folderWithContent

    case tooManyEntries(limit: Int)
    case fileTooLarge(limit: Int)
    case totalTooLarge(limit: Int)
  }

  /// What an entry can be besides a file and a folder.
  package enum Kind: Equatable, Sendable {
    case hardLink, symbolicLink, device, fifo, sparse
    case other(UInt8)
  }

  /// Whether the archive is fine but for its size.
  package var isTooLarge: Bool {
    switch reason {
    case .tooManyEntries, .fileTooLarge, .totalTooLarge: true
    default: false
    }
  }
}

extension TarError: CustomStringConvertible {
  package var description: String {
    let place = entry.map { "the archive's entry \(QuotedText($0))" } ?? "the archive, at byte \(offset),"
    return "\(place) \(reason)"
  }
}

extension TarError.Reason: CustomStringConvertible {
  /// What follows the name of the entry at fault.
  package var description: String {
    switch self {
    case .compressed(let method): "is compressed with \(method): only plain tar is taken; decompress it first"
    case .notTar: "is not tar of the kinds ustar, pax or GNU; make it with tar -c, or let apus deploy make it"
    case .damagedHeader: "has a damaged header: its checksum is another; make the archive again"
    case .badNumber(let field): "has no readable number as its \(field); make the archive again"
    case .badExtension(let what): "has an extended header that \(what); make it with tar -c"
    case .extensionTooLong(let limit):
      "has an extended header of more than \(limit) bytes; make it without extended attributes"
    case .truncated: "ends too early: a part of it is missing; send it again, whole"
    case .dataAfterEnd: "goes on after its end; send one archive alone"
    case .tooMuchPadding(let limit): "is followed by more than \(limit) zeros; make it with tar's own blocking factor"
    case .kind(let kind): kind.description
    case .emptyPath: "has an empty path; name the file"
    case .nulInPath: "has a zero byte in its path; rename the file"
    case .absolutePath: "has an absolute path: artefacts are folders of their own; pack with tar -C FOLDER -c ."
    case .parentInPath: "has .. in its path, which could lead out of the artefact; pack with tar -C FOLDER -c ."
    case .pathNotUTF8: "has a path that is not UTF-8; rename the file"
    case .pathTooLong(let limit): "has a path, or a name in it, of more than \(limit) bytes; shorten it"
    case .tooDeep(let limit): "lies below more than \(limit) folders; move it up"
    case .duplicatePath: "comes twice: which one is meant cannot be told; pack each file once"
    case .underFile: "lies below a file of the same archive; rename one of them"
    case .fileNamedAsFolder: "is a file whose name ends in a slash; rename it"
    case .folderWithContent: "is a folder with content; make the archive again"
    case .tooManyEntries(let limit):
      "is one too many: \(limit) files and folders are allowed; pack what the function needs only"
    case .fileTooLarge(let limit): "is too large: a file may have \(limit) bytes; put large data in a volume"
    case .totalTooLarge(let limit):
      "is too much: all files together may have \(limit) bytes; put large data in a volume"
    }
  }
}

extension TarError.Kind: CustomStringConvertible {
  package var description: String {
    let rule = "artefacts hold files and folders only"
    return switch self {
    case .hardLink: "is a hard link: \(rule); pack with --hard-dereference"
    case .symbolicLink: "is a symbolic link: \(rule); put a copy in its place, or pack with --dereference"
    case .device: "is a device: \(rule); leave it out"
    case .fifo: "is a named pipe: \(rule); leave it out"
    case .sparse: "is packed as a sparse file: \(rule); pack without --sparse"
    case .other(let flag):
      "is of the kind \(QuotedText(String(UnicodeScalar(flag)))): \(rule); make it with tar -c"
    }
  }
}
