internal import Apus

/// What a call brings: images and options, in any of the three forms.
struct IncomingImages {
  var images: [[UInt8]] = []
  var options = BlurOptions()
  /// Whether the caller sent a form with several, and so gets several back.
  var isSeveral: Bool { images.count > 1 }

  init(_ request: Request, _ limits: BlurLimits) async throws {
    if let query = request.query { try options.read(query: query) }
    let type = request.headers["Content-Type"] ?? ""
    let bytes = try await Self.content(of: request, limits.bytes)
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
        detail: "It is damaged, or has more than \(BlurLimits.images + BlurLimits.fields) parts.",
        members: ["field": "content", "value": "form", "limit": "\(BlurLimits.images + BlurLimits.fields) parts"])
    }
    for part in form.parts {
      if part.name == "image" {
        images.append(part.content)
      } else {
        try options.set(String(part.name.prefix(40)), String(decoding: part.content.prefix(200), as: UTF8.self))
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
            field: "image", value: String(value.text.prefix(20)), limit: "base64 with padding (RFC 4648)")
        }
        images.append(image)
      } else {
        try options.set(name, value.text)
      }
    }
  }
}
