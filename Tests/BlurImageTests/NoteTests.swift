import Apus
import ApusTesting
import ImageCodecs
import ImageModel
import Testing

@Suite struct `The notes of an answer` {
  typealias Function = `The function blur-image`

  static let sizes: [(width: Int, height: Int, query: String, note: String)] = [
    (
      200, 160, "objects=faces,plates",
      "searched at 200 x 160 pixels: faces narrower than 24 and plates narrower than 60 pixels of the image were not "
        + "looked for"
    ),
    (960, 40, "objects=faces", "searched at 960 x 40 pixels: faces narrower than 24 pixels of the image were not"),
    (1_920, 80, "objects=plates", "searched at 960 x 40 pixels: plates narrower than 120 pixels of the image were not"),
    (40, 1_921, "objects=faces&detector=thorough", "searched at 20 x 960 pixels: faces narrower than 49 pixels of the"),
  ]

  @Test(arguments: sizes) func `say how small an object may be`(
    width: Int, height: Int, query: String, note: String
  ) async throws {
    for format in ImageFormat.allCases {
      let image = try Samples.encoded(format, Samples.smooth(width, height, channels: 3))
      for mode in ["blur", "detect"] {
        let answer = try await Function.call(image, "mode=\(mode)&\(query)", accept: "application/json")
        let notes = try answer.decode(Function.Report.self).notes
        #expect(notes.contains { $0.hasPrefix(note) }, "\(notes)")
        #expect(answer.headers["X-Notes"] == notes.joined(separator: "; "))
      }
    }
  }

  @Test(arguments: [
    ("objects=faces", "fast misses tilted, turned and covered faces: it is not privacy-grade"),
    ("objects=faces&detector=thorough", "thorough misses covered faces, and some that are tilted or turned: it is"),
    ("objects=plates", "fast misses plates that are turned"), ("draw=true", "nothing is hidden"),
    ("style=pixelate", "for looks"), ("threshold=faces:50", "a threshold of 50 misses more faces than the usual 4"),
  ]) func `say what can't be promised`(query: String, note: String) async throws {
    let answer = try await Function.call(try Samples.encoded(.jpeg), query)
    let notes = try #require(answer.headers["X-Notes"])
    #expect(notes.contains(note), "\(notes)")
    #expect(notes.contains("privacy-grade") == (query != "objects=plates"), "\(notes)")
  }

  @Test func `of several images are those of the one that was seen worst`() async throws {
    let images = try [100, 1_920, 960].map { try Samples.encoded(.png, Samples.smooth($0, 60, channels: 1)) }
    let form = Function.form(images, ["objects": "faces"])
    let answer = try await Function.call(form.body, type: form.type, accept: "application/zip")
    let notes = try #require(answer.headers["X-Notes"])
    #expect(notes.contains("; image 2, the coarsest: searched at 960 x 30 pixels: faces narrower than 48 "), "\(notes)")
  }
}
