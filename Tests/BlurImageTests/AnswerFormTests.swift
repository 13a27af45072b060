import Apus
import ApusTesting
import BlurImage
import ImageCodecs
import Testing

@Suite struct `The form of an answer` {
  typealias Function = `The function blur-image`

  static let accepted: [(accept: String?, one: String, several: String)] = [
    (nil, "image/png", "application/json"), ("*/*", "image/png", "application/json"),
    ("image/*;q=0.9, application/json;q=0.1", "image/png", "application/json"),
    ("image/*;q=0.1, application/json;q=0.9", "application/json", "application/json"),
    ("application/json; q=0.5", "application/json", "application/json"),
    ("application/json, text/plain, */*", "application/json", "application/json"),
    ("application/json;q=0, */*", "image/png", "application/zip"),
    ("application/zip", "application/zip", "application/zip"),
    ("application/zip;q=0.5, */*;q=0.4", "application/zip", "application/zip"),
    ("application/zip, application/json", "application/json", "application/json"),
    // What goes out is a PNG.
    ("image/webp, application/zip;q=0.1", "application/zip", "application/zip"),
    // Nothing of it: as if nothing had been said (RFC 9110 section 12.5.1).
    ("text/html", "image/png", "application/json"), ("application/json;q=0", "image/png", "application/json"),
  ]

  @Test(arguments: accepted) func `is the one that is liked best`(
    accept: String?, one: String, several: String
  ) async throws {
    let image = try Samples.encoded(.png)
    for (images, type) in [([image], one), ([image, image], several)] {
      let form = Function.form(images)
      let answer = try await Function.call(form.body, type: form.type, accept: accept)
      #expect(answer.headers["Content-Type"].map { String($0.prefix { $0 != ";" }) } == type)
      #expect(answer.headers["X-Objects-Faces"] == "0" && answer.headers["Cache-Control"] == "no-store")
    }
    // Boxes have one form.
    let boxes = try await Function.call(image, "mode=detect", accept: accept)
    #expect(boxes.headers["Content-Type"]?.hasPrefix("application/json") == true)
  }

  @Test func `of several images is a list, or an archive`() async throws {
    let form = Function.form([try Samples.encoded(.png), try Samples.encoded(.jpeg)], ["style": "gaussian"])
    let list = try await Function.call(form.body, type: form.type)
    let reports = try list.decode([Function.Report].self)
    #expect(reports.compactMap(\.format) == ["image/png", "image/jpeg"], "\(list.text)")
    #expect(reports.map(\.file) == ["x", "x"], "as refusals name it")
    #expect(list.headers["X-Notes"]?.contains("for looks") == true)
    for step in ["decode", "detect", "redact", "encode"] {
      #expect(list.headers["Server-Timing"]?.contains("\(step);dur=") == true)
    }
    let archive = try await Function.call(form.body, type: form.type, accept: "application/zip")
    try expect(["image-1.png", "image-2.jpg"], in: archive)
    // If one fails, none goes out.
    let half = Function.form([try Samples.encoded(.png), Array("text".utf8)])
    #expect(try await Function.call(half.body, type: half.type).status == .unsupportedMediaType)
  }

  static let calls: [(method: Method, path: String, status: Status)] = [
    (.get, "/", .ok), (.head, "/", .ok), (.get, "/models", .ok), (.head, "/models", .ok),
    (.put, "/", .methodNotAllowed),
    (.post, "/models", .methodNotAllowed), (.get, "/nothing", .notFound), (.post, "/", .badRequest),
  ]

  @Test(arguments: calls) func `is kept by nobody in between, whatever it is`(
    method: Apus.Method, path: String, status: Status
  ) async throws {
    for accept in ["*/*", "application/json"] {
      let answer = try await Function.function.call(Request(method, path, headers: ["Accept": accept]))
      #expect(answer.status == status && answer.headers["Cache-Control"] == "no-store", "\(answer.text)")
    }
  }

  @Test func `of one image is an archive where that is asked for`() async throws {
    let image = try Samples.encoded(.png)
    let form = Function.form([image])
    for (body, type) in [(form.body, form.type), (image, "image/png")] {
      let archive = try await Function.call(body, type: type, accept: "application/zip")
      try expect(["image-1.png"], in: archive)
      #expect(archive.headers["Server-Timing"]?.contains("encode;dur=") == true)
      #expect(archive.headers["X-Notes"]?.contains("the coarsest") == false)
    }
  }

  /// As Python's `zipfile` reads it, where that is.
  private func expect(_ names: [String], in archive: Answer) throws {
    #expect(archive.headers["Content-Type"] == "application/zip")
    guard let peer = Peer.shared else { return }
    let path = try peer.keep(archive.body, as: "archive-of-\(names.count).zip")
    let members = try peer.ask("unzip '\(path)'").split(separator: "\n")
    #expect(members.compactMap { $0.split(separator: " ").first.map(String.init) } == names)
  }
}
