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
  private static func holdsFace(_ detections: [Detection]) -> Bool {
    detections.contains { $0.box.x < 190 && $0.box.right > 210 && $0.box.y < 150 && $0.box.bottom > 170 }
  }

  @Test func `finds upright faces`() throws {
    let peer = try #require(Peer.shared)
    let found = try (0..<100).filter {
      Self.holdsFace(try Self.find(try peer.grey("lfw-\($0)"), [.face], isThorough: false))
    }
    print("recall of upright faces: \(found.count) of 100")
    #expect(found.count >= 98)
  }

  @Test func `that is thorough finds tilted faces`() throws {
    let peer = try #require(Peer.shared)
    let found = try (0..<100).filter {
      Self.holdsFace(try Self.find(try peer.grey("tilted-\($0)"), [.face], isThorough: true))
    }
    print("recall of faces tilted by 25 degrees, thorough: \(found.count) of 100")
    #expect(found.count >= 97)
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
