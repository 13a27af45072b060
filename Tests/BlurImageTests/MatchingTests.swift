import ImageModel
import ImageRedaction
import Testing

/// Somebody who has the very photographs of a hundred people, and compares what came out with each.
@Suite(.enabled(if: Peer.isThere, Comment(rawValue: Peer.missing))) struct `A closed set of people` {
  /// Where the oracle's canvases have their face.
  private static let face = Box(x: 125, y: 85, width: 150, height: 150)

  @Test(arguments: [(RedactionStyle.solid, 0...3), (.secure, 0...16), (.pixelate, 90...100), (.gaussian, 90...100)])
  func `is told apart as often as the guide says`(style: RedactionStyle, expected: ClosedRange<Int>) throws {
    let peer = try #require(Peer.shared)
    let people = try (0..<100).map { try peer.grey("lfw-\($0)") }
    let known = people.map(Self.means)
    let found = try people.indices.filter { person in
      var redacted = people[person]
      try Redaction(style).apply(to: &redacted, [Self.face], deadline: .now + .seconds(300))
      let seen = Self.means(redacted)
      let scores = known.map { zip($0, seen).reduce(0) { $0 + $1.0 * $1.1 } }
      return scores.indices.max { scores[$0] < scores[$1] } == person
    }.count
    print("matched behind \(style): \(found) of 100")
    #expect(expected.contains(found))
  }

  /// The means of 4 × 4 cells, brightness and contrast aside.
  private static func means(_ image: Raster) -> [Double] {
    let cells = (0..<16).map { cell in
      let (width, height) = (face.width / 4, face.height / 4)
      let values = image.values(
        in: Box(x: face.x + cell % 4 * width, y: face.y + cell / 4 * height, width: width, height: height))
      return values.reduce(0, +) / Double(values.count)
    }
    let mean = cells.reduce(0, +) / 16
    let length = cells.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }.squareRoot()
    return cells.map { length > 0 ? ($0 - mean) / length : 0 }
  }
}
