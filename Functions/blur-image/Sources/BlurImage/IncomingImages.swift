internal import Apus

/// What a call brings: images and options, in any of the three forms.
struct IncomingImages: Sendable {
  var images: [[UInt8]] = []
  var options = BlurOptions()
  /// Whether the caller sent a form with several, and so gets several back.
  var isSeveral: Bool { images.count > 1 }

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
    } else if type.lowercased().hasPrefix("application/json") {
      try read(json: bytes)
    } else {
      images = [bytes]
    }
    guard !images.isEmpty, !images.contains(where: \.isEmpty) else {
      throw Problem(
        .badRequest, "There is no image",
        detail: "Send an image's bytes, a form with the field image, or JSON with the image in base64.",
        members: ["field": "image", "value": "", "limit": "1 to \(BlurLimits.images) images"])
    }
    try options.check()
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
    guard let form = MultipartForm(bytes, boundary: boundary, most: BlurLimits.images + BlurLimits.fields) else {
      throw Problem(
        .badRequest, "The form can't be read",
        detail:
          "It is damaged, has more than \(BlurLimits.images + BlurLimits.fields) parts, or one with a head past 8 KiB.",
        members: ["field": "content", "value": "form", "limit": "\(BlurLimits.images + BlurLimits.fields) parts"])
    }
    for part in form.parts {
      if part.name == "image" {
        images.append(part.content)
      } else {
        try options.set(part.name, String(decoding: part.content.prefix(200), as: UTF8.self))
      }
    }
    guard images.count <= BlurLimits.images else {
      throw OptionError(field: "image", value: "\(images.count) images", limit: "\(BlurLimits.images) in one call")
    }
  }

  private mutating func read(json bytes: [UInt8]) throws {
    let fields: [String: JSONOption]
    do {
      fields = try JSON().decode([String: JSONOption].self, from: bytes)
    } catch {
      throw Problem(
        .badRequest, "The content can't be read", detail: "\(error)",
        members: ["field": "content", "value": "JSON", "limit": "one object of at most 16 MiB"])
    }
    for (name, value) in fields.sorted(by: { $0.key < $1.key }) {
      if name == "image" {
        guard let image = Base64.decode(value.text) else {
          throw OptionError(
            field: "image", value: value.text, limit: "base64 with padding (RFC 4648)")
        }
        images.append(image)
      } else {
        try options.set(name, value.text)
      }
    }
  }
}
