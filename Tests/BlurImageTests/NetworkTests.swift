import Apus
import ApusTesting
import BlurImage
import Foundation
import ImageCodecs
import ImageModel
import Instruments
import NetworkDetection
import ObjectDetection
import Testing

@Suite(.enabled(if: Networks.isThere, Comment(rawValue: Peer.missing))) struct `A network of the operator's own` {
  typealias Report = `The function blur-image`.Report

  static let both = #"{"classes": ["plate", "face"]}"#
  static let good: [(layout: String, name: String, json: String?)] = [
    ("yolov8", "v8-face", nil), ("yolov8", "v8-wide-face", nil), ("yolov8", "v8-any-face", nil),
    ("yolov8", "v8-points-face", nil), ("yolov8", "v8-plate", nil), ("yolov8", "v8-both", both),
    ("yolov5", "v5-face", nil), ("yolov5", "v5-both", both), ("yolov5", "v5-points-face", nil), ("yunet", "yunet", nil),
    ("scrfd", "scrfd", nil),
  ]
  /// Larger than what is seen, smaller, upright, across.
  static let sizes = [(700, 501), (331, 480), (250, 170), (900, 260)]

  private static func kinds(of name: String) -> Set<ObjectKind> {
    name.hasSuffix("both") ? [.face, .plate] : name.hasSuffix("plate") ? [.plate] : [.face]
  }

  @Test(arguments: good) func `finds what onnxruntime's own Python finds with it`(
    layout: String, name: String, json: String?
  ) throws {
    let networks = try #require(Networks.shared)
    let (shelf, scratch) = try networks.shelf([name: json])
    let kinds = Self.kinds(of: name)
    let network = try #require(try shelf.networks(for: kinds).first)
    #expect(network.decoder.layout.rawValue == (name == "v5-points-face" ? "yolov5-face" : layout))
    let pictures = Self.sizes.map { Networks.picture($0, $1) }
    for (picture, theirs) in zip(pictures, try networks.find(layout, name, in: pictures)) {
      let ours = try network.find(in: picture, kinds, thresholds: [:], deadline: .now + .seconds(300))
      #expect(ours.count == theirs.count && Set(theirs.map(\.kind)) == kinds, "\(picture.width): \(ours) \(theirs)")
      for one in theirs { #expect(ours.contains { Self.agree($0, one) }, "\(picture.width): \(one) in \(ours)") }
    }
    _ = scratch
  }

  private static func agree(_ one: Detection, _ other: Detection) -> Bool {
    one.kind == other.kind && abs(one.score - other.score) < 0.02 && abs(one.box.x - other.box.x) <= 1
      && abs(one.box.y - other.box.y) <= 1 && abs(one.box.right - other.box.right) <= 1
      && abs(one.box.bottom - other.box.bottom) <= 1
  }

  @Test(arguments: ["yunet", "scrfd", "v8-face", "v5-face"]) func `hides what it finds, and nothing else`(
    name: String
  ) async throws {
    let (shelf, scratch) = try #require(Networks.shared).shelf([name: nil, "v8-plate": nil])
    let function = Networks.function(shelf)
    let before = Networks.picture(420, 300)
    let image = try ImageEncoder(.png).encode(Picture(before))
    let told = try await function.call(
      Request(.post, query: "detector=onnx&mode=detect", headers: ["Content-Type": "image/png"], body: image))
    #expect(told.status == .ok && told.headers["X-Detector"] == "onnx", "\(told.text)")
    let report = try told.decode(Report.self)
    let boxes = report.objects.map { Box(x: $0.x, y: $0.y, width: $0.width, height: $0.height) }
    #expect(report.detector == "onnx" && Set(report.objects.map(\.kind)) == ["face", "plate"])
    #expect(report.objects.allSatisfy { (0...1).contains($0.score) })
    #expect(!boxes.contains { !before.bounds.intersection($0).isEqual(to: $0) })
    let answer = try await function.call(
      Request(.post, query: "detector=onnx&style=solid", headers: ["Content-Type": "image/png"], body: image))
    let after = try ImageDecoder(answer.body).picture().raster
    #expect(answer.headers["X-Objects-Faces"] == "\(report.objects.filter { $0.kind == "face" }.count)")
    // The spot's middle is in a box; solid leaves one value there, and the rest as it was.
    #expect(after.isEqual(to: before, outside: boxes.map { $0.grown(by: 1.35) }))
    for spot in [Networks.red(420, 300), Networks.blue(420, 300)] {
      let middle = Box(x: spot.x + spot.width / 2 - 4, y: spot.y + spot.height / 2 - 4, width: 8, height: 8)
      #expect(boxes.contains { $0.intersection(middle) == middle })
      #expect(Set(after.values(in: middle)).count == 1 && Set(before.values(in: middle)).count > 1)
    }
    _ = scratch
  }

  @Test(arguments: [ImageFormat.jpeg, .png, .webp], [1, 3, 4]) func `sees every kind of picture`(
    format: ImageFormat, channels: Int
  ) async throws {
    let (shelf, scratch) = try #require(Networks.shared).shelf(["yunet": nil])
    let before = channels == 1 ? Samples.smooth(200, 160, channels: 1) : Networks.picture(200, 160, channels: channels)
    let image = try ImageEncoder(format).encode(Picture(before))
    let answer = try await Networks.function(shelf).call(
      Request(.post, query: "detector=onnx&objects=faces", body: image))
    #expect(answer.status == .ok, "\(answer.text)")
    #expect((answer.headers["X-Objects-Faces"] == "0") == (channels == 1))
    _ = scratch
  }

  /// The options that change what counts.
  @Test func `takes its thresholds from the call`() async throws {
    let (shelf, scratch) = try #require(Networks.shared).shelf(["v8-face": #"{"threshold": 0.2}"#])
    let function = Networks.function(shelf)
    let image = try ImageEncoder(.png).encode(Picture(Networks.picture(420, 300)))
    func count(_ query: String) async throws -> Int {
      let answer = try await function.call(
        Request(.post, query: "detector=onnx&objects=faces&mode=detect\(query)", body: image))
      return try answer.decode(Report.self).objects.count
    }
    let usual = try await count("")
    let strict = try await count("&threshold=faces:0.99")
    let all = try await count("&threshold=faces:0.05")
    #expect(strict == 0 && usual > 0 && all > usual)
    _ = scratch
  }

  @Test func `is told with its hash`() async throws {
    let networks = try #require(Networks.shared)
    let (shelf, scratch) = try networks.shelf(["v8-both": Self.both, "yunet": nil, "hostile/nameless": nil])
    let function = Networks.function(shelf)
    let answer = try await function.call(Request(.get, "/models"))
    struct Listing: Decodable {
      struct Runtime: Decodable {
        var path: String
        var sha256: String?
        var version: String?
        var problem: String?
      }
      struct Model: Decodable {
        var name: String
        var sha256: String?
        var layout: String?
        var finds: [String]?
        var problem: String?
      }
      var runtime: Runtime
      var models: [Model]
    }
    let listing = try answer.decode(Listing.self)
    #expect(listing.runtime.path == networks.runtime && listing.runtime.version?.isEmpty == false)
    #expect(listing.models.map(\.name) == ["nameless.onnx", "v8-both.onnx", "yunet.onnx"])
    #expect(listing.models.map(\.layout) == [nil, "yolov8", "yunet"], "\(answer.text)")
    #expect(listing.models[1].finds == ["faces", "plates"] && listing.models[2].finds == ["faces"])
    #expect(listing.models[0].problem?.contains("classes") == true)
    for model in listing.models {
      let sum = try Shell.run("sha256sum '\(scratch.path)/\(model.name)'").output.prefix(64)
      #expect(model.sha256.map { $0[...] } == sum)
    }
    #expect(try Shell.run("sha256sum '\(networks.runtime)'").output.prefix(64) == listing.runtime.sha256 ?? "")
  }

  @Test func `counts from the call on before which it was put there, and until it is taken away`() async throws {
    let networks = try #require(Networks.shared)
    let (shelf, scratch) = try networks.shelf([:])
    let image = try Samples.encoded(.png)
    let request = Request(.post, query: "detector=onnx&objects=faces", body: image)
    let function = Networks.function(shelf)
    let none = try await function.call(request)
    #expect(none.status == .serviceUnavailable && none.text.contains("No network"), "\(none.text)")
    try networks.put("v8-face", nil, into: scratch)
    #expect(try await function.call(request).status == .ok)
    // Plates are asked for as well, unless a call says otherwise, and nothing here looks for them.
    let half = try await function.call(Request(.post, query: "detector=onnx", body: image))
    #expect(half.status == .serviceUnavailable && half.text.contains("plates"), "\(half.text)")
    try Shell.run("rm '\(scratch.path)/v8-face.onnx'")
    #expect(try await function.call(request).status == .serviceUnavailable)
  }
}

extension Box {
  func isEqual(to other: Box) -> Bool { self == other }
}
