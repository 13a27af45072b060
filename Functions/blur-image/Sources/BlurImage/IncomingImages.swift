internal import Apus
internal import ImageCodecs

/// What a call brings: images and options, in any of the three forms.
struct IncomingImages: Sendable {
  struct Image: Sendable {
    var bytes: [UInt8]
    /// As the caller calls its file.
    var name: String?
  }

  var images: [Image] = []
  var options = BlurOptions()
  /// Whether the caller sent a form with several: refusals then say which of them.
  var isSeveral: Bool { images.count > 1 }

  /// What one of several is called, no longer than the name of a file is.
  func file(_ index: Int) -> String? {
    guard isSeveral, let name = images[index].name, !name.isEmpty else { return nil }
    return OptionError.beginning(of: name, 255)
  }

  /// Forms and JSON of this size take a while, so they are read where that holds up no other call.
  static func of(_ request: Request, _ limits: BlurLimits) async throws -> IncomingImages {
    let (query, type) = (request.query, request.headers["Content-Type"] ?? "")
    let bytes = try await content(of: request, limits.bytes)
    return try await offload { try IncomingImages(query, type, bytes) }
  }

  private init(_ query: String?, _ type: String, _ bytes: [UInt8]) throws {
    if let query { try options.read(query: query) }
    if let boundary = MultipartForm.boundary(of: type) {
      try read(form: bytes, boundary)
    } else if ImageFormat(sniffing: bytes) == nil,
      type.lowercased().hasPrefix("application/json") || Self.looksLikeJSON(bytes)
    {
      try read(json: bytes)
    } else {
      images = [Image(bytes: bytes)]
    }
    let empty = images.firstIndex { $0.bytes.isEmpty }
    guard !images.isEmpty, empty == nil else {
      let problem = Problem(
        .badRequest, "There is no image",
        detail: "Send an image's bytes, a form with the field image, or JSON with the image in base64.",
        members: ["field": "image", "value": "", "limit": "1 to \(BlurLimits.images) images"])
      throw empty.map { problem.about($0, of: self) } ?? problem
    }
    try options.check()
  }

  /// No image begins so, and tools send JSON under other types.
  private static func looksLikeJSON(_ bytes: [UInt8]) -> Bool {
    bytes.first { ![0x20, 0x09, 0x0A, 0x0D].contains($0) } == UInt8(ascii: "{")
  }

  private static func content(of request: Request, _ limit: Int) async throws -> [UInt8] {
    do {
      return try await request.body.collect(limit: limit)
    } catch var problem as Problem where problem.status == .contentTooLarge {
      problem.members = ["field": "content", "value": "more than \(limit) bytes", "limit": "\(limit) bytes"]
      throw problem
    }
  }

  private mutating func read(form bytes: [UInt8], _ boundary: String) throws {
    let form = try MultipartForm(bytes, boundary: boundary, most: BlurLimits.parts)
    for part in form.parts {
      if part.name == "image" {
        images.append(Image(bytes: part.content, name: part.file))
      } else {
        // The whole value, however long: what is cut off might have made it another.
        try options.set(part.name, String(decoding: part.content, as: UTF8.self))
      }
    }
    guard images.count <= BlurLimits.images else {
      throw OptionError(field: "image", value: "\(images.count) images", limit: "\(BlurLimits.images) in one call")
    }
  }

  private mutating func read(json bytes: [UInt8]) throws {
    let members: [(name: String, value: JSONOption)]
    do {
      members = try JSONOption.members(of: bytes)
    } catch {
      throw Problem(
        .badRequest, "The content can't be read", detail: "\(error)",
        members: ["field": "content", "value": "JSON", "limit": "one object of at most 16 MiB"])
    }
    for (name, value) in members {
      if name == "image" {
        guard let image = value.image else {
          let limit = "a string of base64 with padding (RFC 4648), without “data:…,” before it"
          throw OptionError(field: name, value: value.text(for: name), limit: limit)
        }
        images.append(Image(bytes: image))
      } else {
        try options.set(name, value.text(for: name))
      }
    }
  }
}
