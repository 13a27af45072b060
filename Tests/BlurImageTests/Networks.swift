import Apus
import ApusTesting
import BlurImage
import Foundation
import ImageCodecs
import ImageModel
import Instruments
import NetworkDetection
import ObjectDetection

/// Networks made for the tests, and the runtime inside of Python's package, which also says what they find.
struct Networks: Sendable {
  let folder: String
  let runtime: String
  private let peer: Peer

  static let shared: Networks? = try? Networks()
  static var isThere: Bool { shared != nil }

  private init() throws {
    guard let peer = Peer.shared else { throw CocoaError(.fileNoSuchFile) }
    self.peer = peer
    folder = "\(peer.folder)/networks"
    runtime = try peer.ask("make '\(folder)'", of: "blur-networks.py").trimmingCharacters(in: .whitespacesAndNewlines)
  }

  /// A folder with these networks alone, each with the JSON that is to lie beside it.
  func shelf(_ networks: [String: String?], memory: Int = 256 << 20) throws -> (NetworkShelf, ScratchFolder) {
    let scratch = try ScratchFolder()
    for (name, description) in networks { try put(name, description, into: scratch) }
    return (NetworkShelf(runtime: runtime, folder: scratch.path, memory: memory), scratch)
  }

  func put(_ name: String, _ description: String?, into scratch: ScratchFolder) throws {
    let file = name.split(separator: "/").last.map(String.init) ?? name
    try FileManager.default.copyItem(atPath: "\(folder)/\(name).onnx", toPath: "\(scratch.path)/\(file).onnx")
    if let description {
      try Data(description.utf8).write(to: URL(filePath: "\(scratch.path)/\(file).json"))
    }
  }

  static func function(_ shelf: NetworkShelf) -> TestedFunction {
    TestedFunction(BlurFunction(BlurLimits(), shelf).handler)
  }

  /// What the oracle finds with the same network in each of the pictures.
  func find(_ layout: String, _ name: String, in rasters: [Raster]) throws -> [[Detection]] {
    let files = rasters.map { "\($0.width)x\($0.height).rgb" }
    for (file, raster) in zip(files, rasters) {
      try Data(raster.opaque().coloured().pixels).write(to: URL(filePath: "\(folder)/\(file)"))
    }
    let paths = files.map { "'\(folder)/\($0)'" }.joined(separator: " ")
    let lines = try peer.ask("find \(layout) '\(folder)/\(name).onnx' \(paths)", of: "blur-networks.py")
    return files.map { file in
      lines.split(separator: "\n").filter { $0.hasPrefix("\(file) ") }.compactMap { Self.detection($0) }
    }
  }

  private static func detection(_ line: Substring) -> Detection? {
    let words = line.split(separator: " ")
    let numbers = words.dropFirst(2).compactMap { Double($0) }
    guard words.count == 7, numbers.count == 5, let kind = ObjectKind(rawValue: String(words[1])) else { return nil }
    let sides = numbers.prefix(4).map { Int($0) }
    return Detection(
      kind: kind, box: Box(x: sides[0], y: sides[1], width: sides[2], height: sides[3]), score: numbers[4])
  }

  /// Dark, with a red and a blue spot that are brightest in their middle, and fine structure everywhere.
  static func picture(_ width: Int, _ height: Int, channels: Int = 3) -> Raster {
    var random = SeededRandom(5)
    var raster = Raster(width: width, height: height, channels: channels, filledWith: 255)
    for y in 0..<height {
      for x in 0..<width {
        let noise = Int.random(in: 0...20, using: &random)
        let red = spot(x, y, red(width, height))
        let blue = spot(x, y, blue(width, height))
        let colours = [60 + noise + red - blue / 4, 70 + noise - (red + blue) / 4, 60 + noise + blue - red / 4]
        for channel in 0..<min(3, channels) {
          raster.pixels[(y * width + x) * channels + channel] = UInt8(clamping: colours[channel])
        }
      }
    }
    return raster
  }

  static func red(_ width: Int, _ height: Int) -> Box {
    Box(x: width / 5, y: height / 4, width: width / 6, height: width / 6)
  }

  static func blue(_ width: Int, _ height: Int) -> Box {
    Box(x: width * 3 / 5, y: height / 2, width: width / 5, height: width / 8)
  }

  private static func spot(_ x: Int, _ y: Int, _ box: Box) -> Int {
    let across = Double(2 * x - 2 * box.x - box.width) / Double(box.width)
    let down = Double(2 * y - 2 * box.y - box.height) / Double(box.height)
    return Int(max(0, 1 - (across * across + down * down).squareRoot()) * 190)
  }
}
