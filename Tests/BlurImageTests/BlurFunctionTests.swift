import Apus
import ApusTesting
import BlurImage
import ImageCodecs
import ImageModel
import NetworkDetection
import Testing

@Suite struct `The function blur-image` {
  static let function = TestedFunction(
    BlurFunction(BlurLimits(), NetworkShelf(runtime: "/nowhere/libonnxruntime.so", folder: "/nowhere")).handler)

  static func call(
    _ body: [UInt8], _ query: String? = nil, type: String = "image/jpeg", accept: String? = nil
  ) async throws -> Answer {
    var headers: Headers = ["Content-Type": type]
    headers["Accept"] = accept
    return try await function.call(Request(.post, "/", query: query, headers: headers, body: body))
  }

  static func form(
    _ images: [[UInt8]], _ fields: [String: String] = [:], file: String? = "x"
  ) -> (type: String, body: [UInt8]) {
    var body: [UInt8] = []
    let name = file.map { "; filename=\"\($0)\"" } ?? ""
    for image in images {
      body += Array("--frontier\r\nContent-Disposition: form-data; name=\"image\"\(name)\r\n\r\n".utf8) + image
      body += Array("\r\n".utf8)
    }
    for (name, value) in fields {
      body += Array("--frontier\r\nContent-Disposition: form-data; name=\"\(name)\"\r\n\r\n\(value)\r\n".utf8)
    }
    return ("multipart/form-data; boundary=frontier", body + Array("--frontier--\r\n".utf8))
  }

  /// What is asked, and the value and the limit that the refusal names; the field is what stands before the first `=`.
  static let query: [(query: String, value: String, limit: String)] = [
    ("mode=erase", "erase", "blur, detect"), ("mode=", "", "blur, detect"), ("mode", "", "blur, detect"),
    ("mode=Blur", "Blur", "blur, detect"), ("objects=cats", "cats", "faces"), ("objects=", "", "faces"),
    ("objects=faces,", "faces,", "faces"), ("objects=faces,faces", "faces,faces", "each kind once"),
    ("style=mosaic", "mosaic", "secure"), ("style=", "", "secure"), ("style=solid+", "solid ", "secure"),
    ("strength=11", "11", "1 to 10"), ("strength=x", "x", "1 to 10"), ("strength=", "", "1 to 10"),
    ("grow=0.9", "0.9", "1.0 to 3.0"), ("grow=nan", "nan", "1.0 to 3.0"), ("grow=", "", "1.0 to 3.0"),
    ("shape=star", "star", "ellipse"), ("shape=", "", "ellipse"), ("detector=best", "best", "thorough"),
    ("detector=", "", "thorough"), ("threshold=3", "3", "faces:N"), ("threshold=", "", "faces:N"),
    ("threshold=faces:-1", "faces:-1", "faces:N"), ("threshold=faces:2.5", "faces:2.5", "a whole number"),
    ("threshold=faces:51", "faces:51", "50"), ("threshold=faces:1e99", "faces:1e+99", "50"),
    ("threshold=faces:4,faces:50", "faces:4,faces:50", "each kind once"), ("format=gif", "gif", "webp"),
    ("format=", "", "webp"), ("quality=0", "0", "1 to 100"), ("quality=", "", "1 to 100"),
    ("draw=maybe", "maybe", "true or false"), ("draw", "", "true or false"), ("draw=", "", "true or false"),
    ("draw=1", "1", "true or false"), ("draw=0", "0", "true or false"), ("draw=TRUE", "TRUE", "true or false"),
    ("draw=yes", "yes", "true or false"), ("Draw=true", "true", "mode"), ("colour=red", "red", "mode"),
    ("=true", "true", "mode"), ("draw%3Dtrue", "", "mode"), ("mode=%zz", "%zz", "percent"),
    ("mode=a%1", "a%1", "percent"),
    ("m%zz=blur", "blur", "mode"), ("model=%zz", "%zz", "mode"), ("image=%zz", "%zz", "in the content"),
    ("image=abc", "abc", "in the content"),
    ("draw=false&draw=true", "true", "one value"), ("draw=true&draw=true", "true", "one value"),
    ("style=secure&objects=faces&style=gaussian", "gaussian", "one value"),
  ]

  struct Told: Decodable {
    var field: String
    var value: String
    var limit: String
    var detail: String
    var image: String?
    var file: String?
  }

  @Test(arguments: query) func `refuses an option that it does not know, and values that are not its own`(
    query: String, value: String, limit: String
  ) async throws {
    let answer = try await Self.call(try Samples.encoded(.jpeg), query, accept: "application/problem+json")
    #expect(answer.status == .badRequest)
    #expect(answer.headers["Content-Type"] == "application/problem+json")
    #expect(answer.headers["Cache-Control"] == "no-store")
    let told = try answer.decode(Told.self)
    let name = String(query.prefix { $0 != "=" }).replacing("%3D", with: "=")
    #expect(told.field == name && told.value == value && told.limit.contains(limit), "\(answer.text)")
  }

  static let members: [(json: String, field: String, value: String, limit: String)] = [
    ("\"draw\":1", "draw", "1", "true or false"), ("\"draw\":null", "draw", "null", "true or false"),
    ("\"draw\":\"\"", "draw", "", "true or false"), ("\"draw\":[true]", "draw", "a list", "true or false"),
    ("\"objects\":[]", "objects", "", "faces"), ("\"objects\":[\"cats\"]", "objects", "cats", "faces"),
    ("\"objects\":null", "objects", "null", "faces"), ("\"objects\":{\"faces\":1}", "objects", "an object", "faces"),
    ("\"mode\":[\"blur\"]", "mode", "a list", "blur"), ("\"style\":null", "style", "null", "secure"),
    ("\"style\":{\"a\":\"b\"}", "style", "an object", "secure"),
    ("\"strength\":true", "strength", "true", "1 to 10"), ("\"grow\":null", "grow", "null", "1.0 to 3.0"),
    ("\"threshold\":{}", "threshold", "", "faces:N"), ("\"threshold\":4", "threshold", "4", "faces:N"),
    ("\"threshold\":{\"cats\":4}", "threshold", "cats:4", "faces"),
    ("\"threshold\":{\"faces\":-1}", "threshold", "faces:-1", "faces:N"),
    ("\"threshold\":{\"faces\":\"5\"}", "threshold", "faces:a string", "faces:N"),
    ("\"threshold\":{\"faces\":4,\"plates\":null}", "threshold", "faces:4,plates:null", "faces:N"),
    ("\"threshold\":{\"faces\":{}}", "threshold", "faces:an object", "faces:N"),
    ("\"threshold\":[4]", "threshold", "a list", "faces:N"),
    ("\"threshold\":{\"faces\":2.5}", "threshold", "faces:2.5", "a whole number"),
    ("\"shape\":\"box\"", "shape", "box", "one value"),
    ("\"image\":null", "image", "null", "base64"), ("\"image\":true", "image", "true", "base64"),
    ("\"image\":1234", "image", "1234", "base64"), ("\"image\":[\"abcd\"]", "image", "a list", "base64"),
    ("\"image\":{}", "image", "an object", "base64"), ("\"image\":\"abc\"", "image", "abc", "base64"),
  ]

  @Test(arguments: members) func `refuses members of JSON that are not as they should be`(
    json: String, field: String, value: String, limit: String
  ) async throws {
    let image = field == "image" ? "" : "\"image\":\"\(Base64.encode(try Samples.encoded(.png)))\","
    let answer = try await Self.call(
      Array("{\(image)\(json)}".utf8), "shape=ellipse", type: "application/json", accept: "application/json")
    #expect(answer.status == .badRequest)
    let told = try answer.decode(Told.self)
    #expect(told.field == field && told.value == value && told.limit.contains(limit), "\(answer.text)")
  }

  @Test(arguments: [
    ("threshold", "plates:9", "kinds that objects names"), ("objects", "faces,dogs", "faces"),
    ("draw", "", "true or false"), ("draw", "1", "true or false"), ("mode", "", "blur"), ("shape", "box", "one value"),
    ("objects", "faces" + String(repeating: " ", count: 300), "faces"),
    ("style", "solid" + String(repeating: "\0", count: 300), "secure"),
  ]) func `refuses fields of a form that are not as they should be`(field: String, value: String, limit: String)
    async throws
  {
    let form = Self.form([try Samples.encoded(.png)], [field: value])
    let query = field == "threshold" ? "objects=faces" : "shape=ellipse"
    let answer = try await Self.call(form.body, query, type: form.type, accept: "application/json")
    #expect(answer.status == .badRequest)
    let told = try answer.decode(Told.self)
    #expect(told.field == field && told.limit.contains(limit), "\(answer.text)")
  }

  @Test(arguments: ["application/x-www-form-urlencoded", "text/json", "application/octet-stream"])
  func `takes JSON whatever its type is said to be`(type: String) async throws {
    let json = " {\"image\":\"\(Base64.encode(try Samples.encoded(.png)))\",\"mode\":\"detect\"}"
    #expect(try await Self.call(Array(json.utf8), type: type).status == .ok)
  }

  @Test(arguments: ["application/json", "text/plain", "image/jpeg"])
  func `takes an image whatever its type is said to be`(type: String) async throws {
    for format in ImageFormat.allCases {
      let answer = try await Self.call(try Samples.encoded(format), type: type)
      #expect(answer.headers["Content-Type"] == format.mediaType, "\(answer.text)")
    }
  }

  /// As `base64` writes it, with the line breaks escaped as JSON wants them.
  @Test(arguments: ["\\n", "\\r\\n"]) func `takes base64 in lines`(end: String) async throws {
    var text = Base64.encode(try Samples.encoded(.png))[...]
    var lines: [Substring] = []
    while !text.isEmpty {
      lines.append(text.prefix(76))
      text = text.dropFirst(76)
    }
    let json = "{\"image\":\"\(lines.map { $0 + end }.joined())\"}"
    #expect(lines.count > 1)
    #expect(try await Self.call(Array(json.utf8), type: "application/json").status == .ok)
  }

  /// As they are, with every blank, whichever way they come.
  @Test(arguments: ["solid", " solid", "solid ", "\tsolid", "solid\n", "Solid", "sol\u{EF}d", "\u{FEFF}solid"])
  func `takes the same values in the query, in a form and in JSON`(style: String) async throws {
    let image = try Samples.encoded(.png)
    let form = Self.form([image], ["style": style])
    let json = try JSON().encode(["image": Base64.encode(image), "style": style])
    let query = style.utf8.reduce("style=") { $0 + "%" + String($1 >> 4, radix: 16) + String($1 & 15, radix: 16) }
    let answers = [
      try await Self.call(image, query, accept: "application/json"),
      try await Self.call(form.body, type: form.type, accept: "application/json"),
      try await Self.call(json, type: "application/json", accept: "application/json"),
    ]
    for answer in answers {
      #expect(answer.status == (style == "solid" ? .ok : .badRequest), "\(answer.text)")
      if style != "solid" { #expect(try answer.decode(Told.self).value == style) }
    }
  }

  @Test func `says which of several images it can't take`() async throws {
    let good = try Samples.encoded(.png)
    let bad: [(bytes: [UInt8], status: Status)] = [
      (Array("text".utf8), .unsupportedMediaType), (Array(good.dropLast(100)), .unprocessable), ([], .badRequest),
      (Samples.header(png: 25_000, 25_000), .contentTooLarge),
    ]
    for (bytes, status) in bad {
      let form = Self.form([good, good, bytes], file: "a; b\u{1B}.jpg")
      for accept in ["application/json", "application/zip, application/problem+json"] {
        let answer = try await Self.call(form.body, type: form.type, accept: accept)
        #expect(answer.status == status)
        let told = try answer.decode(Told.self)
        #expect(told.image == "3" && told.file == "a; b\u{1B}.jpg", "\(answer.text)")
        let place = "Image 3 of 3 (\"a; b\\u{1b}.jpg\"): "
        #expect(told.detail.hasPrefix(place) && told.field == "image", "\(answer.text)")
      }
    }
    // No name, and no number where there is one.
    let nameless = Self.form([good, [1]], file: nil)
    let answer = try await Self.call(nameless.body, type: nameless.type, accept: "application/json")
    let told = try answer.decode(Told.self)
    #expect(told.image == "2" && told.file == nil && told.detail.hasPrefix("Image 2 of 2: "), "\(answer.text)")
    let one = try await Self.call([1], accept: "application/json").decode(Told.self)
    #expect(one.image == nil && !one.detail.contains("Image"))
  }

  @Test func `refuses what is no image, or too much of one`() async throws {
    #expect(try await Self.call([]).status == .badRequest)
    #expect(try await Self.call(Array("hello".utf8)).status == .unsupportedMediaType)
    #expect(try await Self.call(Array(try Samples.encoded(.jpeg).dropLast(100))).status == .unprocessable)
    let bomb = try await Self.call(Samples.header(png: 25_000, 25_000), accept: "application/json")
    #expect(bomb.status == .contentTooLarge && bomb.text.contains("25000 × 25000"))
    #expect(bomb.text.contains("expected at most 40000000 pixels"), "\(bomb.text)")
    #expect(bomb.headers["Cache-Control"] == "no-store")
    let small = TestedFunction(BlurFunction(BlurLimits(bytes: 1_000)).handler)
    let answer = try await small.call(Request(.post, body: [UInt8](repeating: 0, count: 1_001)))
    #expect(answer.status == .contentTooLarge)
    #expect(try await Self.call(Array("{".utf8), type: "application/json").status == .badRequest)
    #expect(try await Self.call(Array("{\"image\":\"*\"}".utf8), type: "application/json").status == .badRequest)
    let cut = Self.form([[1]])
    #expect(try await Self.call(Array(cut.body.dropLast(6)), type: cut.type).status == .badRequest)
    let many = Self.form([[UInt8]](repeating: [1], count: 33))
    #expect(try await Self.call(many.body, type: many.type).status == .badRequest)
  }

  static let refused: [(type: String, content: String, limit: String)] = [
    ("image/jpeg", "", "images"), ("image/png", "hello", "JPEG, PNG or WebP"), ("application/json", "{", "MiB"),
    ("application/json", "{}", "images"), ("application/json", "{\"image\":\"*\"}", "base64"),
    ("multipart/form-data; boundary=x", "--x", "whole parts"), ("multipart/form-data; boundary=x", "--x--", "images"),
    ("image/jpeg", String(repeating: "a", count: 1_001), "1000 bytes"),
  ]

  @Test(arguments: refused) func `names field, value and limit whatever it refuses`(
    type: String, content: String, limit: String
  ) async throws {
    let small = TestedFunction(BlurFunction(BlurLimits(bytes: 1_000)).handler)
    let headers: Headers = ["Content-Type": type, "Accept": "application/problem+json"]
    let answer = try await small.call(Request(.post, headers: headers, body: Array(content.utf8)))
    #expect((400..<500).contains(answer.status.code) && answer.headers["Cache-Control"] == "no-store")
    let told = try answer.decode(Told.self)
    #expect(!told.field.isEmpty && told.limit.contains(limit), "\(answer.text)")
  }

  /// Closed, not open: no detector, no image.
  @Test(arguments: ["blur", "detect"]) func `answers nothing without the detector asked for`(mode: String) async throws
  {
    let answer = try await Self.call(try Samples.encoded(.jpeg), "detector=onnx&mode=\(mode)")
    #expect(answer.status == .serviceUnavailable)
    #expect(answer.headers["Content-Type"]?.hasPrefix("text/plain") == true)
    #expect(answer.headers["Cache-Control"] == "no-store")
  }

  @Test(arguments: ImageFormat.allCases) func `gives an image without objects back`(format: ImageFormat) async throws {
    let before = Samples.smooth(200, 160, channels: 3)
    let answer = try await Self.call(try ImageEncoder(format, quality: 95).encode(Picture(before)))
    #expect(answer.status == .ok && answer.headers["Content-Type"] == format.mediaType)
    #expect(answer.headers["X-Objects-Faces"] == "0" && answer.headers["X-Objects-Plates"] == "0")
    #expect(answer.headers["X-Detector"] == "fast" && answer.headers["Cache-Control"] == "no-store")
    #expect(answer.headers["X-Notes"]?.contains("not privacy-grade") == true)
    let timing = answer.headers["Server-Timing"] ?? ""
    for step in ["decode", "detect", "redact", "encode"] { #expect(timing.contains("\(step);dur="), "\(timing)") }
    let after = try ImageDecoder(answer.body).picture().raster
    #expect(after.largestDifference(before) <= (format == .png ? 0 : 16))
  }

  @Test(arguments: ImageFormat.allCases) func `writes the format asked for`(format: ImageFormat) async throws {
    let answer = try await Self.call(try Samples.encoded(.png), "format=\(format.rawValue)")
    #expect(answer.headers["Content-Type"] == format.mediaType)
    #expect(ImageFormat(sniffing: answer.body) == format)
  }

  struct Report: Decodable {
    struct Object: Decodable {
      var kind: String
      var x: Int
      var y: Int
      var width: Int
      var height: Int
      var score: Double
    }
    var file: String?
    var width: Int
    var height: Int
    var detector: String
    var objects: [Object]
    var milliseconds: [String: Double]
    var notes: [String]
    var image: String?
    var format: String?
  }

  @Test func `takes and gives JSON`() async throws {
    let image = try Samples.encoded(.png)
    let text =
      "{\"image\":\"\(Base64.encode(image))\",\"quality\":70,\"draw\":true,\"objects\":[\"faces\"],"
      + "\"threshold\":{\"faces\":5},\"grow\":1.5,\"format\":\"jpeg\"}"
    let answer = try await Self.call(
      Array(text.utf8), type: "application/json; charset=utf-8", accept: "application/json")
    #expect(answer.status == .ok, "\(answer.text)")
    let report = try answer.decode(Report.self)
    #expect(
      report.file == nil && report.width == 48 && report.height == 40 && report.detector == "fast"
        && report.objects.isEmpty)
    #expect(report.format == "image/jpeg" && report.notes.contains { $0.contains("nothing is hidden") })
    #expect(Set(report.milliseconds.keys) == ["decode", "detect", "redact", "encode"])
    #expect(report.image.flatMap(Base64.decode).flatMap(ImageFormat.init(sniffing:)) == .jpeg)
  }

  /// What a transparent pixel hides from the detector, it would not hide from whoever takes the transparency away.
  @Test(arguments: [ImageFormat.png, .webp], [UInt8(0), 3, 128])
  func `gives nothing away that its detector did not see`(format: ImageFormat, alpha: UInt8) async throws {
    var before = Samples.textured(160, 120, channels: 4)
    for at in stride(from: 3, to: before.pixels.count / 2, by: 4) { before.pixels[at] = alpha }
    let sent = try ImageEncoder(.png).encode(Picture(before))
    #expect(try ImageDecoder(sent).picture().raster == before, "if they did not come in, this could not fail")
    for style in ["secure", "solid&draw=true"] {
      let answer = try await Self.call(sent, "format=\(format.rawValue)&quality=100&style=\(style)", type: "image/png")
      #expect(answer.status == .ok, "\(answer.text)")
      let after = try ImageDecoder(answer.body).picture().raster
      #expect(after.channels == 3)
      guard after.channels == 3 else { continue }
      if format == .png { #expect(after == before.opaque()) }
      let top = after.pixels[..<(after.pixels.count / 4)]
      let whitest = 255 - Int(alpha)
      #expect(top.allSatisfy { Int($0) >= whitest - 12 })
    }
  }

  @Test func `says how it is called`() async throws {
    let answer = try await Self.function.call(Request(.get, "/"))
    #expect(answer.status == .ok && answer.text.contains("mode=detect"))
  }

  @Test func `lists no models without a runtime`() async throws {
    let answer = try await Self.function.call(Request(.get, "/models"))
    #expect(answer.status == .ok && answer.text.contains("\"models\":[]"))
  }
}
