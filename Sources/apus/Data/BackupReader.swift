import ApusArtefacts
import ApusJSON

/// Reads a backup while it is saved: whether it is whole, and what it says of itself.
struct BackupReader: ~Copyable {
  private var reader: TarReader
  private var report: [UInt8] = []
  private var isReport = false
  private(set) var files = 0
  private(set) var bytes = 0

  private static let reportBytes = 64 << 20

  init() {
    var limits = ArtefactLimits()
    // The gateway's own archive: these only end what can't be one.
    (limits.entries, limits.fileBytes, limits.totalBytes) = (5_000_000, 1 << 33, 1 << 44)
    (limits.pathBytes, limits.depth) = (2048, 96)
    reader = TarReader(limits: limits)
  }

  mutating func take(_ piece: UnsafeRawBufferPointer) throws {
    bytes += piece.count
    var rest = piece
    while let event = try reader.next(&rest) {
      switch event {
      case .file(let path, _, _):
        files += 1
        isReport = path.text == "report.json"
      case .content(let content) where isReport && report.count < Self.reportBytes: report += content
      default: break
      }
    }
  }

  /// What had to be left out.
  mutating func finish() throws -> [String] {
    try reader.finish()
    let json = try JSON.parse(report)
    return (json["left_out"]?.arrayValue ?? []).compactMap(\.stringValue)
  }
}
