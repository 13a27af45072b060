import ImageModel
import ObjectDetection
import Testing

@Suite(.enabled(if: Peer.isThere, Comment(rawValue: Peer.missing))) struct `A cascade` {
  private static func cascade(_ name: String) -> Cascade {
    name == "face" ? .frontalFace : name == "plate" ? .plate : .profileFace
  }

  private static func boxes(_ image: Raster, _ name: String) throws -> [Box] {
    let search = CascadeSearch(
      image, [CascadeSearch.Target(.face, cascade(name), least: 3)], deadline: .now + .seconds(300))
    try search.work()
    return search.detections().map(\.box)
  }

  @Test(arguments: [
    "astronaut", "plates", "coffee", "chelsea", "rocket", "motorcycle_left", "motorcycle_right", "brick",
  ]) func `finds the boxes that OpenCV finds`(name: String) throws {
    let peer = try #require(Peer.shared)
    let image = try peer.grey(name)
    #expect(!(try Self.oracle("boxes.txt", "astronaut", "face").isEmpty), "if OpenCV found none, this could not fail")
    for kind in ["face", "profile", "plate"] {
      let theirs = try Self.oracle("boxes.txt", name, kind)
      let ours = try Self.boxes(image, kind)
      #expect(ours.count == theirs.count, "\(kind): \(ours) and \(theirs)")
      for box in theirs { #expect(ours.contains { Self.agree($0, box) }, "\(kind): \(box) is not among \(ours)") }
    }
  }

  /// All windows that pass, not only where they are many. Sums in single precision decide one in a hundred otherwise.
  @Test(arguments: [("plates", "plate"), ("astronaut", "face"), ("motorcycle_left", "profile")])
  func `lets those windows pass that OpenCV lets pass`(name: String, kind: String) throws {
    let peer = try #require(Peer.shared)
    let image = try peer.grey(name)
    let theirs = Set(try Self.oracle("windows.txt", name, kind))
    let search = CascadeSearch(
      image, [CascadeSearch.Target(.face, Self.cascade(kind), least: 3)], deadline: .now + .seconds(300))
    try search.work()
    // OpenCV cuts off what a rounded size has beyond the image.
    let ours = Set(search.windows(ofTarget: 0).map { $0.intersection(image.bounds) })
    #expect(theirs.count > 5, "if OpenCV let none pass, this could not fail")
    #expect(ours.symmetricDifference(theirs).count <= 1 + theirs.count / 50)
  }

  private static func oracle(_ file: String, _ name: String, _ kind: String) throws -> [Box] {
    let text = String(decoding: try #require(Peer.shared).file(file), as: UTF8.self)
    return text.split(separator: "\n").map { $0.split(separator: " ") }.filter { $0[0] == name && $0[1] == kind }.map {
      let numbers = $0.dropFirst(2).compactMap { Int($0) }
      return Box(x: numbers[0], y: numbers[1], width: numbers[2], height: numbers[3])
    }
  }

  /// Each side within one pixel.
  private static func agree(_ one: Box, _ other: Box) -> Bool {
    abs(one.x - other.x) <= 1 && abs(one.y - other.y) <= 1 && abs(one.width - other.width) <= 1
      && abs(one.height - other.height) <= 1
  }

  @Test func `is shared by threads without losing a box`() async throws {
    let image = try #require(Peer.shared).grey("astronaut")
    let targets = [
      CascadeSearch.Target(.face, .frontalFace, least: 3), CascadeSearch.Target(.plate, .plate, least: 1),
    ]
    let alone = CascadeSearch(image, targets, deadline: .now + .seconds(300))
    try alone.work()
    let shared = CascadeSearch(image, targets, deadline: .now + .seconds(300))
    try await withThrowingTaskGroup(of: Void.self) { group in
      for _ in 0..<4 { group.addTask { try shared.work() } }
      try await group.waitForAll()
    }
    #expect(shared.detections() == alone.detections())
    #expect(!alone.detections().isEmpty)
  }

  @Test func `sees the other side in a mirror`() throws {
    let image = try #require(Peer.shared).grey("astronaut")
    var mirrored = image
    for y in 0..<image.height {
      for x in 0..<image.width {
        mirrored.pixels[y * image.width + x] = image.pixels[y * image.width + image.width - 1 - x]
      }
    }
    let search = CascadeSearch(
      mirrored, [CascadeSearch.Target(.face, Cascade.profileFace.mirrored, least: 1)], deadline: .now + .seconds(300))
    try search.work()
    #expect(!search.detections().isEmpty)
  }

  @Test func `ends when the time is up`() throws {
    let search = CascadeSearch(
      Raster(width: 300, height: 300, channels: 1), [CascadeSearch.Target(.face, .frontalFace, least: 3)],
      deadline: .now - .seconds(1))
    #expect(throws: DetectionError.tooSlow) { try search.work() }
  }
}
