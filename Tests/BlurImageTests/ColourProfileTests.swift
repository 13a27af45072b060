import Apus
import ApusTesting
import ImageCodecs
import ImageModel
import Testing

@Suite struct `A colour profile` {
  typealias Function = `The function blur-image`
  private static let secret = "serial number 4711 of somebody"

  /// Behind its end there may be a whole photograph.
  private static func image(_ format: ImageFormat, behind: [UInt8] = []) throws -> [UInt8] {
    let profile = Samples.profile(hiding: secret) + behind
    return try ImageEncoder(format).encode(Picture(Samples.smooth(64, 48, channels: 3), profile: profile))
  }

  @Test(.enabled(if: Peer.isThere, Comment(rawValue: Peer.missing)), arguments: ImageFormat.allCases)
  func `goes out as it was with nothing but colours in it`(format: ImageFormat) async throws {
    let peer = try #require(Peer.shared)
    // libpng writes none that is longer than it says.
    let bytes = try Self.image(format, behind: format == .png ? [] : Array(Self.secret.utf8))
    let answer = try await Function.call(bytes, "objects=faces")
    #expect(answer.status == .ok, "\(answer.text)")
    let before = try peer.keep(bytes, as: "profile-before.\(format)")
    let after = try peer.keep(answer.body, as: "profile-after.\(format)")
    #expect(try peer.ask("colours '\(before)' '\(after)' '\(Self.secret)'") == "0 turned False\n")
    #expect(try peer.ask("colours '\(before)' '\(before)' '\(Self.secret)'") == "0 turned True\n", "it was there")
  }

  /// Each changes a profile into one that is left out.
  static let damages: [(what: String, change: @Sendable (inout [UInt8]) -> Void)] = [
    ("longer than it is", { $0[1] = 1 }),
    ("shorter than its tags", { $0.replaceSubrange(0..<4, with: [0, 0, 0, 140]) }),
    ("no profile", { $0[36] = 0 }), ("of millions of tags", { $0[129] = 0xFF }),
    ("with a tag outside", { $0[128 + 4 + 12 * 3 + 4] = 0xFF }),
    ("with a tag of all memory", { $0[128 + 4 + 12 * 3 + 8] = 0xFF }),
    ("without red", { $0[128 + 4 + 12 * 3] = 0 }),
    ("about other colours", { $0.replaceSubrange(16..<20, with: "CMYK".utf8) }),
  ]

  @Test func `that is damaged is left out`() throws {
    for (what, change) in Self.damages {
      var profile = Samples.profile()
      change(&profile)
      let image = try ImageEncoder(.webp).encode(
        Picture(Samples.smooth(20, 20, channels: 3), profile: Samples.profile()))
      let place = try #require((0..<image.count - 20).first { image[$0...].starts(with: Samples.profile().prefix(40)) })
      let changed = image[..<place] + profile + image[(place + profile.count)...]
      #expect(try ImageDecoder(Array(changed)).picture().profile == [], "\(what)")
      #expect(try ImageDecoder(image).picture().profile != [])
    }
  }
}
