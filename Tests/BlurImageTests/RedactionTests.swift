import ImageModel
import ImageRedaction
import Testing

@Suite struct `A redaction` {
  struct Form: Sendable, CustomTestStringConvertible {
    let style: RedactionStyle
    let channels: Int
    var testDescription: String { "\(style), \(channels) channels" }
  }
  static let forms = RedactionStyle.allCases.flatMap { style in [1, 3, 4].map { Form(style: style, channels: $0) } }
  static let box = Box(x: 40, y: 30, width: 80, height: 60)

  @Test(arguments: forms) func `changes the box and nothing else`(form: Form) throws {
    let before = Samples.textured(160, 120, channels: form.channels)
    var after = before
    try Redaction(form.style).apply(to: &after, [Self.box], deadline: .now + .seconds(300))
    #expect(after.isEqual(to: before, outside: [Self.box]))
    #expect(
      abs(before.likeness(of: before, in: Self.box)) > 0.99, "if this did not see likeness, the next could not fail")
    let most = form.style == .solid ? 0.01 : form.style == .secure ? 0.6 : 0.9
    #expect(abs(after.likeness(of: before, in: Self.box)) < most)
  }

  @Test(arguments: RedactionStyle.allCases) func `leaves no fine structure`(style: RedactionStyle) throws {
    let before = Samples.textured(160, 120, channels: 3)
    var after = before
    try Redaction(style).apply(to: &after, [Self.box], deadline: .now + .seconds(300))
    // A template match of edges: what of the original's steps from pixel to pixel is still there.
    #expect(before.edgeLikeness(of: before, in: Self.box) > 0.99)
    #expect(abs(after.edgeLikeness(of: before, in: Self.box)) < 0.25)
  }

  @Test(arguments: RedactionStyle.allCases.filter { $0 != .solid }) func `is not the same twice`(style: RedactionStyle)
    throws
  {
    let before = Samples.textured(160, 120, channels: 3)
    var (one, other) = (before, before)
    try Redaction(style).apply(to: &one, [Self.box], deadline: .now + .seconds(300))
    try Redaction(style).apply(to: &other, [Self.box], deadline: .now + .seconds(300))
    #expect(one != other)
  }

  @Test func `in one colour leaves one colour`() throws {
    var raster = Samples.textured(160, 120, channels: 3)
    try Redaction(.solid).apply(to: &raster, [Self.box], deadline: .now + .seconds(300))
    #expect(Set(raster.values(in: Self.box)).count == 1)
  }

  /// Noise on 16 means: some are far from what they were, every time.
  @Test func `that is secure does not keep the means`() throws {
    let before = Raster(width: 100, height: 100, channels: 3, filledWith: 128)
    var after = before
    try Redaction(.secure).apply(to: &after, [before.bounds], deadline: .now + .seconds(300))
    let values = after.values(in: after.bounds)
    #expect((values.max() ?? 0) - (values.min() ?? 0) > 60)
  }

  @Test func `as an ellipse leaves the corners`() throws {
    let before = Samples.textured(160, 120, channels: 3)
    var after = before
    try Redaction(.solid, shape: .ellipse).apply(to: &after, [Self.box], deadline: .now + .seconds(300))
    func at(_ raster: Raster, _ x: Int, _ y: Int) -> UInt8 { raster.pixels[(y * 160 + x) * 3] }
    #expect(at(after, 41, 31) == at(before, 41, 31) && at(after, 118, 88) == at(before, 118, 88))
    #expect(at(after, 80, 60) == 0 && at(after, 42, 60) == 0 && at(after, 80, 31) == 0)
  }

  @Test func `makes what it covers opaque`() throws {
    var raster = Raster(width: 50, height: 50, channels: 4)
    try Redaction(.secure).apply(
      to: &raster, [Box(x: 10, y: 10, width: 10, height: 10)], deadline: .now + .seconds(300))
    #expect(raster.pixels[(15 * 50 + 15) * 4 + 3] == 255 && raster.pixels[3] == 0)
  }

  @Test(arguments: [
    Box(x: -20, y: -20, width: 30, height: 30), Box(x: 150, y: 110, width: 500, height: 500),
    Box(x: 500, y: 500, width: 9, height: 9), Box(x: 5, y: 5, width: 1, height: 1),
    Box(x: 0, y: 0, width: 0, height: 9),
    Box(x: -1_000, y: 10, width: 5_000, height: 1),
  ]) func `takes boxes that are partly or wholly outside`(box: Box) throws {
    for style in RedactionStyle.allCases {
      let before = Samples.textured(160, 120, channels: 3)
      var after = before
      try Redaction(style, strength: 10).apply(to: &after, [box], deadline: .now + .seconds(300))
      #expect(after.isEqual(to: before, outside: [box]))
    }
  }

  /// More pixels than are blurred one by one.
  @Test func `of a large box leaves no fine structure either`() throws {
    let box = Box(x: 20, y: 10, width: 600, height: 500)
    let before = Samples.textured(640, 520, channels: 3)
    var after = before
    try Redaction(.gaussian).apply(to: &after, [box], deadline: .now + .seconds(300))
    #expect(after.isEqual(to: before, outside: [box]))
    #expect(abs(after.edgeLikeness(of: before, in: box)) < 0.25)
  }

  @Test(arguments: RedactionStyle.allCases) func `ends when the time is up, and with too much to do`(
    style: RedactionStyle
  ) {
    var raster = Samples.textured(160, 120, channels: 3)
    #expect(throws: RedactionError.tooSlow) {
      try Redaction(style).apply(to: &raster, [Self.box], deadline: .now - .seconds(1))
    }
    let bounds = raster.bounds
    #expect(throws: RedactionError.tooMuch(limit: 16)) {
      try Redaction(style).apply(
        to: &raster, [Box](repeating: bounds, count: 17), deadline: .now + .seconds(300))
    }
    #expect(throws: Never.self) {
      try Redaction(style).apply(
        to: &raster, [Box](repeating: bounds, count: 16), deadline: .now + .seconds(300))
    }
  }
}
