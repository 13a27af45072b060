internal import Apus
internal import ApusModel
internal import ImageCodecs
internal import ImageRedaction
internal import ObjectDetection

extension Problem {
  /// Nil for what is no refusal: nobody out there is told of it.
  init?(refusing error: any Error) {
    switch error {
    case let error as Problem: self = error
    case let error as OptionError: self.init(error)
    case let error as FormError: self.init(error)
    case let error as ImageError: self.init(error)
    case let error as DetectionError: self.init(error)
    case let error as RedactionError: self.init(error)
    default: return nil
    }
  }

  /// The same, saying which of several images it is about, counted from 1.
  func about(_ index: Int, of incoming: IncomingImages) -> Problem {
    guard incoming.isSeveral else { return self }
    var problem = self
    var place = "Image \(index + 1) of \(incoming.images.count)"
    problem.members["image"] = "\(index + 1)"
    if let file = incoming.file(index) {
      place += " (\(QuotedText(file)))"
      problem.members["file"] = file
    }
    problem.detail = place + (detail.map { ": \($0)" } ?? ".")
    return problem
  }

  /// Field, value and limit also as members, for programs.
  private init(
    _ status: Status, _ title: String, field: String, value: String, limit: String, detail: String? = nil
  ) {
    let told = detail ?? "\(field) is \(value.isEmpty ? "empty" : "\(QuotedText(value))"), expected \(limit)."
    self.init(status, title, detail: told, members: ["field": field, "value": value, "limit": limit])
  }

  init(_ error: OptionError) {
    self.init(
      .badRequest, "An option can't be used", field: error.field, value: error.value, limit: error.limit,
      detail: error.description)
  }

  init(_ error: FormError) {
    self.init(
      .badRequest, "The form can't be read", field: "content", value: error.value, limit: error.limit,
      detail: "The form has \(error.value), expected \(error.limit).")
  }

  init(_ error: ImageError) {
    switch error {
    case .unknownFormat:
      self.init(
        .unsupportedMediaType, "This is no image that can be read", field: "image", value: "unknown",
        limit: "JPEG, PNG or WebP")
    case .damaged(let format, let reason):
      self.init(
        .unprocessable, "The image is damaged", field: "image", value: format.rawValue, limit: "a whole image",
        detail: "The \(format.rawValue) can't be decoded: \(reason).")
    case .tooManyPixels(let width, let height, let limit):
      self.init(
        .contentTooLarge, "The image has too many pixels", field: "image", value: "\(width) × \(height)",
        limit: "at most \(limit) pixels")
    case .animated(let format):
      self.init(
        .unprocessable, "The image moves", field: "image", value: "animated \(format.rawValue)", limit: "one frame",
        detail: "Only one frame would be looked at: send the frames one by one.")
    case .tooCostly(let format, let reason):
      self.init(
        .unprocessable, "The image costs too much to decode", field: "image", value: "\(format.rawValue): \(reason)",
        limit: "\(ImageLimits.scans) scans, and memory in proportion to its size")
    case .tooSlow: self = .tooSlow
    case .sideTooLong(let format, let side):
      let most = format.sideMaximum
      self.init(
        .unprocessable, "The image can't be written in this format", field: "format", value: format.rawValue,
        limit: "at most \(most) pixels a side",
        detail:
          "A side of the image has \(side) pixels, in \(format.rawValue) it may have \(most): ask for another format, "
          + "or send it smaller.")
    case .cannotEncode(let format, let reason):
      self.init(
        .unprocessable, "The image can't be written in this format", field: "format", value: format.rawValue,
        limit: "another format", detail: "The \(format.rawValue) can't be written: \(reason).")
    }
  }

  init(_ error: DetectionError) {
    switch error {
    case .tooManyCandidates(let limit):
      self.init(
        .unprocessable, "Too much in the image looks like an object", field: "image",
        value: "more than \(limit) places", limit: "\(limit) places",
        detail: "What is an object can't be told apart, so the image does not go out.")
    case .tooSlow: self = .tooSlow
    case .busy:
      self.init(
        .serviceUnavailable, "The detector is being made ready", detail: "Networks are new or changed: ask again.",
        headers: ["Retry-After": "1"], members: ["field": "detector"])
    case .unavailable(let reason):
      self.init(
        .serviceUnavailable, "The detector can't run here", detail: "\(reason) No image goes out without a detector.",
        members: ["field": "detector"])
    }
  }

  init(_ error: RedactionError) {
    switch error {
    case .tooMuch(let limit):
      self.init(
        .unprocessable, "There is too much to be hidden", field: "image", value: "boxes on top of each other",
        limit: "\(limit) times the image",
        detail: "What was found covers more than \(limit) times the image. Take a smaller grow, or a higher threshold.")
    case .tooSlow: self = .tooSlow
    }
  }

  private static let tooSlow = Problem(
    .serviceUnavailable, "The image took too long",
    detail: "Nothing of it goes out. Send a smaller one, or fewer at once.",
    headers: ["Retry-After": "1"])
}
