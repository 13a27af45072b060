import ImageModel
import Instruments
import NetworkDetection
import ObjectDetection
import Testing

@Suite struct `A network's output` {
  private static let faces: [ObjectKind: Float] = [.face: 0.5]

  /// Rows of a YOLOv8 with one class, for as many places as a row has values.
  private static func eight(_ rows: [[Float]]) -> NetworkTensor {
    NetworkTensor(shape: [1, rows.count, rows[0].count], values: rows.flatMap { $0 })
  }

  @Test func `has boxes by their centre`() throws {
    let output = Self.eight([[50, 10], [60, 10], [20, 4], [10, 4], [0.9, 0.4]])
    let decoder = NetworkDecoder(.yolov8, .all(.face), width: 320, height: 320)
    let expected = NetworkBox(.face, 0.9, left: 40, top: 55, right: 60, bottom: 65)
    #expect(try decoder.boxes([output], atLeast: Self.faces) == [expected])
    #expect(try decoder.boxes([output], atLeast: [.plate: 0]) == [])
  }

  @Test func `may have something that is both`() throws {
    let output = Self.eight([[50], [60], [20], [10], [0.9], [0.1], [0.6], [0.8]])
    let decoder = NetworkDecoder(.yolov8, .listed([.face, nil, .plate, .plate]), width: 320, height: 320)
    let found = try decoder.boxes([output], atLeast: [.face: 0.5, .plate: 0.5])
    #expect(found.map(\.kind) == [.face, .plate] && found.map(\.score) == [0.9, 0.8])
  }

  @Test(arguments: [Float.nan, .infinity, -Float.infinity, 1.5, -0.5, 3e38]) func `has scores of 0 to 1`(
    score: Float
  ) throws {
    for layout in [NetworkLayout.yolov8, .yolov5] {
      let decoder = NetworkDecoder(layout, .all(.face), width: 320, height: 320)
      let output =
        layout == .yolov8
        ? Self.eight([[50], [60], [20], [10], [score]])
        : NetworkTensor(shape: [1, 1, 6], values: [50, 60, 20, 10, score, 0.5])
      #expect(throws: DetectionError.self) { try decoder.boxes([output], atLeast: Self.faces) }
    }
  }

  private static let broken: [[Float]] = [
    [.nan, 60, 20, 10], [50, .infinity, 20, 10], [50, 60, -20, 10], [50, 60, 20, -Float.infinity], [3e38, 60, 3e38, 1],
  ]

  @Test(arguments: broken) func `has boxes that are some`(box: [Float]) throws {
    let decoder = NetworkDecoder(.yolov8, .all(.face), width: 320, height: 320)
    #expect(throws: DetectionError.self) {
      try decoder.boxes([Self.eight(box.map { [$0] } + [[0.9]])], atLeast: Self.faces)
    }
    // What nobody asks for is not looked at.
    #expect(try decoder.boxes([Self.eight(box.map { [$0] } + [[0.1]])], atLeast: Self.faces) == [])
  }

  /// Whatever comes, there are boxes or an error, and the process lives.
  @Test(arguments: NetworkLayout.allCases) func `may be anything`(layout: NetworkLayout) {
    var random = SeededRandom(UInt64(layout.rawValue.utf8.count))
    let special: [Float] = [.nan, .infinity, -Float.infinity, 3e38, -3e38, 0, 1, 0.9, 1e-30, -1]
    var (read, refused) = (0, 0)
    for _ in 0..<1_000 {
      let side = [32, 64, 33, 96].randomElement(using: &random) ?? 32
      let classes: NetworkClasses = Bool.random(using: &random) ? .all(.face) : .listed([.face, nil, .plate])
      let decoder = NetworkDecoder(layout, classes, width: side, height: 32)
      let outputs = (0..<Int.random(in: 0...12, using: &random)).map { number in
        let shapes = [
          [1, 16, 4], [16, 1], [1, 4, 1], [1, 1, 1], [1, 1, 4], [4, 4], [6, 20], [1, 20, 16], [], [0], [5, 0],
        ]
        let shape = shapes.randomElement(using: &random) ?? []
        var values = (0..<shape.reduce(1, *)).map { _ in Float.random(in: 0...1, using: &random) }
        if number.isMultiple(of: 3), !values.isEmpty {
          values[Int.random(in: 0..<values.count, using: &random)] = special.randomElement(using: &random) ?? 0
        }
        return NetworkTensor(
          shape: Int.random(in: 0..<50, using: &random) == 0 ? [-1, 1 << 62] : shape, values: values)
      }
      let some =
        layout == .yunet || layout == .scrfd || Bool.random(using: &random) ? outputs : Array(outputs.prefix(1))
      if let boxes = try? decoder.boxes(some, atLeast: [.face: 0.3, .plate: 0.3]) {
        read += 1
        let letterbox = Letterbox(Raster(width: 7, height: 500, channels: 1), width: side, height: 32, isCentred: true)
        for box in boxes {
          let original = letterbox.original(box)
          #expect(original.x >= 0 && original.right <= 7 && original.y >= 0 && original.bottom <= 500)
        }
      } else {
        refused += 1
      }
    }
    #expect(refused > 0 && (read > 0 || layout == .yunet || layout == .scrfd))
  }

  /// Heads of 64 × 32 pixels: 32 cells, 8 and 2.
  private static func heads(_ layout: NetworkLayout, anchors: Int, score: Float) -> [NetworkTensor] {
    [32, 8, 2].flatMap { cells in
      let count = cells * anchors
      let scores = NetworkTensor(shape: [1, count, 1], values: [Float](repeating: score, count: count))
      let boxes = NetworkTensor(shape: [1, count, 4], values: [Float](repeating: 0.5, count: count * 4))
      return layout == .yunet ? [scores, scores, boxes] : [boxes, scores]
    }
  }

  @Test(arguments: [(NetworkLayout.yunet, 1), (.scrfd, 1), (.scrfd, 2)]) func `may have its heads in any order`(
    layout: NetworkLayout, anchors: Int
  ) throws {
    let decoder = NetworkDecoder(layout, .all(.face), width: 64, height: 32)
    let found = try decoder.boxes(Self.heads(layout, anchors: anchors, score: 0.8), atLeast: Self.faces)
    #expect(found.count == 42 * anchors && found.allSatisfy { abs($0.score - 0.8) < 1e-5 })
    // The second cell of the second row, eight across.
    let box = found[9 * anchors]
    if layout == .scrfd {
      #expect(box == NetworkBox(.face, 0.8, left: 4, top: 4, right: 12, bottom: 12))
    } else {
      #expect(abs(box.left - (12 - 4 * 1.6487)) < 0.01 && abs(box.bottom - (12 + 4 * 1.6487)) < 0.01)
    }
    for broken in 0..<6 {
      var outputs = Self.heads(layout, anchors: anchors, score: 0.8)
      outputs.remove(at: broken)
      #expect(throws: DetectionError.self) { try decoder.boxes(outputs, atLeast: Self.faces) }
    }
    #expect(throws: DetectionError.self) {
      try decoder.boxes(Self.heads(layout, anchors: 3, score: 0.8), atLeast: Self.faces)
    }
  }

  @Test func `loses what covers a surer one of its kind`() throws {
    let sure = NetworkBox(.face, 0.9, left: 0, top: 0, right: 10, bottom: 10)
    let near = NetworkBox(.face, 0.8, left: 1, top: 0, right: 11, bottom: 10)
    let far = NetworkBox(.face, 0.7, left: 8, top: 0, right: 18, bottom: 10)
    let plate = NetworkBox(.plate, 0.1, left: 0, top: 0, right: 10, bottom: 10)
    let kept = try [plate, far, near, sure].withoutLesser(overlap: 0.45, deadline: .now + .seconds(60))
    #expect(kept == [sure, far, plate])
  }

  @Test func `is not compared for ever`() throws {
    let many = (0..<5_000).map { number in
      NetworkBox(.face, 0.9, left: Float(number * 10), top: 0, right: Float(number * 10 + 5), bottom: 5)
    }
    #expect(throws: DetectionError.tooSlow) { try many.withoutLesser(overlap: 0.45, deadline: .now - .seconds(1)) }
  }

  @Test(arguments: [(100, 50), (50, 100), (1, 1), (4_000, 3), (640, 640)]) func `lies in the picture as it was seen`(
    width: Int, height: Int
  ) throws {
    let raster = Raster(width: width, height: height, channels: 1, filledWith: 200)
    for isCentred in [true, false] {
      let letterbox = Letterbox(raster, width: 128, height: 96, isCentred: isCentred)
      let inner = letterbox.inner
      let whole = NetworkBox(
        .face, 1, left: Float(inner.x), top: Float(inner.y), right: Float(inner.right), bottom: Float(inner.bottom))
      #expect(letterbox.original(whole) == raster.bounds)
      let beyond = NetworkBox(.face, 1, left: -1e30, top: -1e30, right: 1e30, bottom: 1e30)
      #expect(letterbox.original(beyond) == raster.bounds)
      var sight = NetworkSight(.yolov8)
      sight.isCentred = isCentred
      let planes = try letterbox.planes(of: raster, sight, deadline: .now + .seconds(60))
      #expect(planes.count == 3 * 128 * 96)
      let seen = planes.filter { abs($0 - 200.0 / 255) < 1e-4 }.count
      #expect(seen == 3 * inner.area)
      #expect(planes.filter { $0 == 114.0 / 255 }.count == planes.count - seen)
      #expect(throws: DetectionError.tooSlow) { try letterbox.planes(of: raster, sight, deadline: .now - .seconds(1)) }
    }
  }
}
