import ApusArtefacts

/// What a reader makes of an archive.
struct TarContent: Equatable {
  var folders: [String] = []
  var files: [String: File] = [:]

  struct File: Equatable {
    var content: [UInt8] = []
    var isExecutable = false
  }

  /// Reads `archive` in pieces that end at `cuts`.
  init(_ archive: [UInt8], cuts: [Int] = [], limits: ArtefactLimits = ArtefactLimits()) throws {
    var reader = TarReader(limits: limits)
    var current = ""
    var start = 0
    for cut in cuts + [archive.count] {
      let piece = Array(archive[start..<cut])
      start = cut
      try piece.withUnsafeBytes { bytes in
        var rest = bytes
        while let event = try reader.next(&rest) {
          switch event {
          case .folder(let path): folders.append(path.text)
          case .file(let path, _, let isExecutable):
            current = path.text
            files[current] = File(isExecutable: isExecutable)
          case .content(let bytes): files[current]?.content += bytes
          case .fileEnd: current = ""
          }
        }
      }
    }
    try reader.finish()
  }
}
