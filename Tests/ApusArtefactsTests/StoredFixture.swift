import ApusArtefacts
import Instruments

/// A data folder, and archives to put there.
struct StoredFixture {
  let data: ScratchFolder
  let hello: ArtefactName

  init() throws {
    data = try ScratchFolder()
    hello = try ArtefactName(image: "hello:latest")
  }

  func store(limits: ArtefactLimits = ArtefactLimits()) throws -> ArtefactStore {
    try ArtefactStore(data: data.path, limits: limits)
  }

  /// An archive with a handler that holds `text`, and as many files beside it that hold it, too.
  static func archive(_ text: String, files: Int = 0) throws -> [UInt8] {
    let folder = try ScratchFolder()
    try folder.write("handler", Array(text.utf8), mode: 0o755)
    for number in 0..<files { try folder.write("files/\(number)", Array(text.utf8)) }
    return try `A packed archive`.pack(folder.path)
  }

  @discardableResult
  static func upload(_ archive: [UInt8], _ name: ArtefactName, to store: ArtefactStore) throws -> StoredArtefact {
    let upload = try store.begin(name)
    for start in stride(from: 0, to: archive.count, by: 1000) {
      try archive[start..<min(start + 1000, archive.count)].withUnsafeBytes { try upload.write($0) }
    }
    return try upload.finish()
  }

  func handler(_ store: ArtefactStore) throws -> String {
    let folder = try store.resolve(hello)
    return String(decoding: try Tool.run("cat", folder.path + "/handler"), as: UTF8.self)
  }

  /// Uploads and contents, by name.
  func left() throws -> [String] {
    try (data.listing("artefacts/.incoming") + data.listing("artefacts/.content")).filter { !$0.hasSuffix(" ") }
  }
}
