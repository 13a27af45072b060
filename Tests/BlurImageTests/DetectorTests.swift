import ImageModel
import ObjectDetection
import Testing

/// The figures of docs/guides/blur-image.md: they may get better, not worse.
@Suite(.enabled(if: Peer.isThere, Comment(rawValue: Peer.missing))) struct `A detector` {
  private static func find(_ image: Raster, _ kinds: Set<ObjectKind>, isThorough: Bool) throws -> [Detection] {
    let detector = CascadeDetector(
      image, kinds, isThorough: isThorough, least: [:], deadline: .now + .seconds(300))
    try detector.work()
    return try detector.detections(inWidth: image.width, height: image.height)
  }

  /// Whether one of the boxes holds the face in the middle of an oracle's canvas.
  private static func holdsFace(_ detections: [Detection], _ canvas: Raster) -> Bool {
    let middle = Box(
      x: canvas.width * 19 / 40, y: canvas.height * 15 / 32, width: canvas.width / 20, height: canvas.height / 16)
    return detections.contains { $0.box.intersection(middle) == middle }
  }

  /// How many of a hundred faces are found.
  private static func recall(isThorough: Bool = false, _ name: (Int) -> String) throws -> Int {
    let peer = try #require(Peer.shared)
    return try (0..<100).count { index in
      let canvas = try peer.grey(name(index))
      return holdsFace(try find(canvas, [.face], isThorough: isThorough), canvas)
    }
  }

  @Test func `finds upright faces`() throws {
    let found = try Self.recall { "lfw-\($0)" }
    print("recall of upright faces: \(found) of 100")
    #expect(found >= 98)
  }

  @Test(arguments: [(64, 97), (44, 94), (36, 84), (30, 60)]) func `finds small faces as well as its guide says`(
    size: Int, least: Int
  ) throws {
    let found = try Self.recall { "lfw-\($0)-of-\(size)" }
    print("recall of upright faces of \(size) pixels: \(found) of 100")
    #expect(found >= least)
  }

  @Test func `that is thorough finds tilted faces`() throws {
    let found = try Self.recall(isThorough: true) { "tilted-\($0)" }
    print("recall of faces tilted by 25 degrees, thorough: \(found) of 100")
    #expect(found >= 97)
  }

  @Test(arguments: [
    "coffee", "chelsea", "rocket", "motorcycle_left", "motorcycle_right", "brick",
  ]) func `that is fast finds no face where there is none`(name: String) throws {
    let image = try #require(Peer.shared).grey(name)
    #expect(try Self.find(image, [.face], isThorough: false) == [])
  }

  @Test(arguments: [("RU", 98), ("EU", 75), ("US", 0)]) func `finds plates as well as its guide says`(
    country: String, least: Int
  ) throws {
    let peer = try #require(Peer.shared)
    let lines = String(decoding: try peer.file("countries.txt"), as: UTF8.self).split(separator: "\n")
    var (found, mistaken, count) = (0, 0, 0)
    for line in lines where line.hasPrefix(country) {
      let numbers = line.split(separator: " ").dropFirst().compactMap { Int($0) }
      let plate = Box(x: numbers[1], y: numbers[2], width: numbers[3], height: numbers[4])
      let boxes = try Self.find(try peer.grey("\(country)-\(numbers[0])"), [.plate], isThorough: false).map(\.box)
      count += 1
      if boxes.contains(where: { $0.intersection(plate).area * 10 >= plate.area * 8 }) { found += 1 }
      mistaken += boxes.filter { $0.intersection(plate).isEmpty }.count
    }
    print("plates of \(country): \(found) of \(count), false boxes: \(mistaken)")
    #expect(count == 100 && found >= least && mistaken <= 2)
  }

  @Test func `finds drawn plates`() throws {
    let peer = try #require(Peer.shared)
    let detections = try Self.find(try peer.grey("plates"), [.plate], isThorough: false)
    let places = String(decoding: try peer.file("plates.txt"), as: UTF8.self).split(separator: "\n").map { line in
      line.split(separator: " ").compactMap { Int($0) }
    }
    let found = places.filter { place in
      let plate = Box(x: place[0], y: place[1], width: place[2], height: place[3])
      return detections.contains { $0.box.intersection(plate).area * 10 > plate.area * 8 }
    }
    print("recall of drawn plates: \(found.count) of \(places.count)")
    #expect(found.count * 10 >= places.count * 9)
  }
}
