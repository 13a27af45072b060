import Apus
import ApusTesting
import BlurImage
import ImageCodecs
import Testing

@Suite struct `A refusal` {
  typealias Function = `The function blur-image`

  /// Told in plain text, a control character would be the terminal's, and an override of direction the reader's.
  @Test(arguments: ["style=%1b%5b31mred", "%1b%5b31m=1", "threshold=%c2%9b1", "mode=%e2%80%ae"])
  func `shows of what it refuses nothing that writes to a terminal`(query: String) async throws {
    let image = try Samples.encoded(.png)
    let form = Function.form([image, [1]], file: "\u{1B}[31m\u{202E}")
    for answer in [try await Function.call(image, query), try await Function.call(form.body, type: form.type)] {
      #expect((400..<500).contains(answer.status.code) && answer.text.contains("\\u{"), "\(answer.text)")
      let shown = answer.text.dropLast().unicodeScalars
      #expect(shown.allSatisfy { ![.control, .format].contains($0.properties.generalCategory) }, "\(answer.text)")
    }
  }

  /// What a caller sends comes back to it only as far as that helps.
  @Test(arguments: ["x", "e\u{301}", "\u{301}"]) func `says no more of an unknown option than it takes`(
    letter: String
  ) async throws {
    // Also no base64, whose length is a multiple of 4.
    let long = String(repeating: letter, count: 30_001)
    let form = Function.form([try Samples.encoded(.png)], ["style": long])
    var answers = [try await Function.call(form.body, type: form.type)]
    for json in ["{\"\(long)\":\"\(long)\"}", "{\"style\":\"\(long)\"}", "{\"image\":\"\(long)\"}"] {
      answers.append(try await Function.call(Array(json.utf8), type: "application/json"))
    }
    for answer in answers {
      #expect(answer.status == .badRequest && answer.body.count < 2_000, "\(answer.text.prefix(300))")
    }
  }

  /// When each member was tried as one type after the other, these took half a minute in a release build.
  @Test(arguments: ["1", "null", "{}", "[1]"]) func `reads JSON of many members in no time`(value: String) async throws
  {
    let members = (0..<40_000).map { "\"a\($0)\":\(value)" }.joined(separator: ",")
    let start = ContinuousClock.now
    let answer = try await Function.call(Array("{\(members)}".utf8), type: "application/json")
    #expect(answer.status == .badRequest && answer.text.contains("no option \"a0\""), "\(answer.text)")
    #expect(start.duration(to: .now) < .seconds(20))
  }

  /// Before any search: that would say that there is no detector.
  @Test(arguments: [(ImageFormat.jpeg, 65_500), (.webp, 16_383), (.png, 1_000_000)])
  func `refuses a format that can't have the image's sides before it looks at the image`(format: ImageFormat, most: Int)
    async throws
  {
    for (width, height) in [(most + 1, 1), (1, most + 1)] {
      let image = Samples.header(png: UInt32(width), UInt32(height))
      let query = "format=\(format.rawValue)&detector=onnx"
      let answer = try await Function.call(image, query, accept: "application/json")
      #expect(answer.status == .unprocessable)
      let told = try answer.decode(Function.Told.self)
      #expect(told.field == "format" && told.value == format.rawValue && told.limit.contains("\(most)"))
      #expect(told.detail.contains("\(most + 1) pixels"), "\(told.detail)")
      // Where it goes out in no format, and where it has the last side that it may have.
      #expect(try await Function.call(image, query + "&mode=detect").status == .serviceUnavailable)
    }
    let last = Samples.header(png: UInt32(most), 1)
    #expect(try await Function.call(last, "format=\(format.rawValue)&detector=onnx").status == .serviceUnavailable)
    let form = Function.form([try Samples.encoded(.png), Samples.header(png: UInt32(most + 1), 1)])
    let second = try await Function.call(form.body, "format=\(format.rawValue)&detector=onnx", type: form.type)
    #expect(second.status == .unprocessable && second.text.contains("Image 2 of 2"), "\(second.text)")
  }

  @Test func `says no byte of a field that it does not know, and which ones it does`() async throws {
    let image = try Samples.encoded(.jpeg)
    let form = Function.form([image], ["images": String(decoding: image, as: UTF8.self)])
    let answer = try await Function.call(form.body, type: form.type)
    #expect(answer.status == .badRequest)
    #expect(answer.text.contains("no option \"images\", expected image, or one of mode, objects"), "\(answer.text)")
    #expect(answer.text.utf8.allSatisfy { $0 >= 0x20 || $0 == 0x0A })
  }
}
