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

@Suite(.enabled(if: Networks.isThere, Comment(rawValue: Peer.missing))) struct `A hostile network` {
  /// The network, and a word of what is said about it.
  static let cases: [(name: String, word: String)] = [
    ("nan-score", "score"), ("infinite-score", "score"), ("large-score", "score"), ("negative-score", "score"),
    ("nan-box", "box"), ("infinite-box", "box"), ("negative-box", "box"), ("flat", "layout"), ("thin", "layout"),
    ("batch", "layout"), ("square", "layout"), ("empty", "layout"), ("five", "dimensions"), ("whole", "floats"),
    ("double", "floats"), ("eighteen", "outputs"), ("twice", "layout"), ("doubles-in", "floats"),
    ("two-dimensions", "dimensions"), ("grey", "three colours"), ("wide", "width"), ("two-inputs", "one input"),
    ("sequence", "tensors"), ("large", "can't be used"), ("text", "can't be used"), ("nothing", "can't be used"),
    ("cut", "can't be used"),
  ]

  private static func answer(_ networks: [String: String?], _ query: String = "") async throws -> Answer {
    let (shelf, scratch) = try #require(Networks.shared).shelf(networks)
    defer { _ = scratch }
    let image = try Samples.encoded(.png)
    return try await Networks.function(shelf).call(
      Request(.post, query: "detector=onnx&objects=faces\(query)", body: image))
  }

  @Test(arguments: cases) func `gives no image, and says what is wrong`(name: String, word: String) async throws {
    let answer = try await Self.answer(["hostile/\(name)-face": nil])
    #expect(answer.status == .serviceUnavailable && answer.headers["Cache-Control"] == "no-store", "\(answer.text)")
    #expect(answer.text.contains(word) && answer.text.contains("\(name)-face.onnx"), "\(answer.text)")
    #expect(ImageFormat(sniffing: answer.body) == nil)
  }

  @Test func `that finds something everywhere is not believed`() async throws {
    let answer = try await Self.answer(["hostile/many-face": nil])
    #expect(answer.status == .unprocessable && ImageFormat(sniffing: answer.body) == nil, "\(answer.text)")
  }

  /// One that never ends is ended; the next call does not wait for it again.
  @Test func `that does not end is ended`() async throws {
    let (shelf, scratch) = try #require(Networks.shared).shelf(["hostile/endless-face": nil])
    let function = Networks.function(shelf)
    let request = Request(.post, query: "detector=onnx&objects=faces", body: try Samples.encoded(.png))
    let first = try await function.call(request)
    #expect(first.status == .serviceUnavailable && first.text.contains("in time"), "\(first.text)")
    let second = ContinuousClock.now
    #expect(try await function.call(request).status == .serviceUnavailable)
    #expect(second.duration(to: .now) < .seconds(5))
    _ = scratch
  }

  @Test(arguments: [
    ("{", "JSON"), ("[]", "object"), (#"{"tresholds": 0.5}"#, "tresholds"), (#"{"threshold": 2}"#, "threshold"),
    (#"{"classes": []}"#, "classes"), (#"{"classes": ["cat"]}"#, "classes"), (#"{"classes": ["other"]}"#, "classes"),
    (#"{"classes": ["face", "plate", "other"]}"#, "output"), (#"{"layout": "yolov9"}"#, "layout"),
    (#"{"layout": "scrfd", "classes": ["face"]}"#, "output"),
    (#"{"layout": "yunet", "classes": ["plate"]}"#, "classes"),
    (#"{"width": 64}"#, "width"), (#"{"deviation": 0}"#, "deviation"), (#"{"colours": "cmyk"}"#, "colours"),
  ]) func `is not used with a JSON that does not fit`(json: String, word: String) async throws {
    let answer = try await Self.answer(["v8-face": json])
    #expect(answer.status == .serviceUnavailable && answer.text.contains(word), "\(answer.text)")
  }

  /// Somebody put something there, so to go on without it would be to go on without what it finds.
  @Test(
    arguments: ["ln -s nowhere x-face.onnx", "ln -s x-face.onnx x-face.onnx", "mkdir x-face.onnx"],
    ["onnx", "json"])
  func `that can't be looked at is not left out`(command: String, ending: String) async throws {
    let (shelf, scratch) = try #require(Networks.shared).shelf(["v8-face": nil])
    let image = try Samples.encoded(.png)
    let request = Request(.post, query: "detector=onnx&objects=faces", body: image)
    #expect(try await Networks.function(shelf).call(request).status == .ok)
    let name = ending == "onnx" ? "x-face.onnx" : "v8-face.json"
    let words = command.split(separator: " ").map { $0 == "x-face.onnx" ? name : String($0) }
    #expect(try Shell.run("cd '\(scratch.path)' && \(words.joined(separator: " "))").status == 0)
    let answer = try await Networks.function(shelf).call(request)
    #expect(answer.status == .serviceUnavailable && answer.text.contains(name), "\(answer.text)")
    #expect(try Shell.run("rm -r '\(scratch.path)/\(name)'").status == 0)
    #expect(try await Networks.function(shelf).call(request).status == .ok)
  }

  @Test func `that is no library is refused`() async throws {
    let networks = try #require(Networks.shared)
    let image = try Samples.encoded(.png)
    // The C library is one, and not this one.
    for path in ["\(networks.folder)/v8-face.onnx", "/lib/x86_64-linux-gnu/libm.so.6", "/lib64/libm.so.6", "/tmp"] {
      let shelf = NetworkShelf(runtime: path, folder: networks.folder)
      let answer = try await Networks.function(shelf).call(Request(.post, query: "detector=onnx", body: image))
      #expect(answer.status == .serviceUnavailable && answer.text.contains(path), "\(answer.text)")
    }
    // What was loaded before is not mistaken for what is loaded next.
    let right = NetworkShelf(runtime: networks.runtime, folder: "/nowhere", memory: 128 << 20)
    let answer = try await Networks.function(right).call(Request(.post, query: "detector=onnx", body: image))
    #expect(answer.text.contains("No network"), "\(answer.text)")
  }

  @Test func `does not run on a runtime other than the one that is expected`() async throws {
    let networks = try #require(Networks.shared)
    let expected = String(try Shell.run("sha256sum '\(networks.runtime)'").output.prefix(64))
    for pin in [expected, expected.uppercased(), String(expected.reversed())] {
      let variables = ["onnx_runtime": networks.runtime, "onnx_models": "/nowhere", "onnx_runtime_sha256": pin]
      let answer = try await Networks.function(BlurSettings { variables[$0] }.shelf).call(
        Request(.post, query: "detector=onnx", body: try Samples.encoded(.png)))
      #expect(answer.status == .serviceUnavailable)
      #expect(answer.text.contains(pin.lowercased() == expected ? "No network" : "SHA-256"), "\(answer.text)")
    }
  }

  @Test func `does not get more memory than it may have`() async throws {
    let (shelf, scratch) = try #require(Networks.shared).shelf(["v8-wide-face": nil], memory: 1 << 20)
    let answer = try await Networks.function(shelf).call(
      Request(.post, query: "detector=onnx&objects=faces", body: try Samples.encoded(.png)))
    #expect(answer.status == .serviceUnavailable && answer.text.contains("v8-wide-face"), "\(answer.text)")
    _ = scratch
  }
}
