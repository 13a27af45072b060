import ImageModel
import ObjectDetection
import Testing

@Suite struct `Detections of the same object` {
  private static func detection(_ box: Box, _ score: Double, _ kind: ObjectKind = .face) -> Detection {
    Detection(kind: kind, box: box, score: score)
  }

  static let small = Box(x: 40, y: 40, width: 20, height: 20)
  static let large = Box(x: 0, y: 0, width: 100, height: 100)

  @Test func `are one, if the less sure one is a part of the other`() throws {
    let (surer, part) = (Self.detection(Self.large, 9), Self.detection(Self.small, 5))
    #expect(try [part, surer].withoutDoubles(overlap: 0.3, deadline: .now + .seconds(60)) == [surer])
  }

  /// Were it left out, all but the small part of it would go out.
  @Test func `are two, if the less sure one is larger`() throws {
    let (surer, whole) = (Self.detection(Self.small, 9), Self.detection(Self.large, 5))
    #expect(try [whole, surer].withoutDoubles(overlap: 0.3, deadline: .now + .seconds(60)) == [surer, whole])
  }

  @Test func `are one, if they cover nearly the same`() throws {
    let other = Self.detection(Box(x: 5, y: 5, width: 100, height: 100), 5)
    let surer = Self.detection(Self.large, 9)
    #expect(try [other, surer].withoutDoubles(overlap: 0.6, deadline: .now + .seconds(60)) == [surer])
    let plate = Self.detection(Self.large, 1, .plate)
    #expect(try [plate, surer].withoutDoubles(overlap: 0.6, deadline: .now + .seconds(60)) == [surer, plate])
  }

  @Test func `are not told apart for longer than there is time`() {
    let many = (0..<1_000).map { Self.detection(Box(x: $0 * 50, y: 0, width: 40, height: 40), 1) }
    #expect(throws: DetectionError.tooSlow) { try many.withoutDoubles(overlap: 0.3, deadline: .now - .seconds(1)) }
  }
}
