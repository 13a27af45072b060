import CQREncode

/// A QR code (ISO/IEC 18004) of bytes, with error correction M: a seventh of it may be dirty.
package struct QRCode: Sendable {
  /// Modules of an edge, without the quiet zone.
  package let width: Int
  /// Row by row; true is dark.
  private let modules: [Bool]

  /// Modules that stay light around it (section 6.3.8).
  package static let quietZone = 4

  /// Nil for more than fits: 2,331 bytes.
  package init?(_ text: String) {
    let bytes = Array(text.utf8)
    guard !bytes.isEmpty, let code = QRcode_encodeData(CInt(clamping: bytes.count), bytes, 0, QR_ECLEVEL_M) else {
      return nil
    }
    defer { QRcode_free(code) }
    guard let data = code.pointee.data else { return nil }
    width = Int(code.pointee.width)
    // The lowest bit is the module; the others say what it is there for (qrencode.h).
    modules = (0..<width * width).map { data[$0] & 1 == 1 }
  }

  /// Whether the module is dark; what is outside is the quiet zone.
  package func isDark(_ row: Int, _ column: Int) -> Bool {
    0..<width ~= row && 0..<width ~= column && modules[row * width + column]
  }
}
