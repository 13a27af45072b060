internal import Apus
internal import ImageCodecs
internal import ImageModel
internal import ImageRedaction
internal import NetworkDetection
internal import ObjectDetection

/// One image, from its bytes to what goes out. Whatever fails on the way, nothing of it does.
struct ImageJob: Sendable {
  /// Threads that search one image; more calls at once share the same ones.
  private static let searchers = 2

  let options: BlurOptions
  let limits: BlurLimits
  let shelf: NetworkShelf
  let deadline: ContinuousClock.Instant

  /// Header only: what is too large, or can't go out as it is asked for, is refused before anything is allocated.
  func open(_ bytes: [UInt8]) async throws -> ImageDecoder {
    let (limits, deadline) = (limits.image, deadline)
    let decoder = try await offload { try ImageDecoder(bytes, limits: limits, deadline: deadline) }
    if options.mode == .blur {
      try outgoing(decoder.header).check(side: max(decoder.header.width, decoder.header.height))
    }
    return decoder
  }

  private func outgoing(_ header: ImageHeader) -> ImageFormat { options.format.format ?? header.format }

  func run(_ decoder: ImageDecoder) async throws -> ImageResult {
    let (seen, found) = try await options.detector == .onnx ? ask(decoder) : search(decoder)
    guard options.mode == .blur, let picture = seen else { return found }
    let (format, encoded, redact, encode) = try await offload {
      try hide(found.detections, in: picture, decoder.header)
    }
    var result = found
    result.encoded = (format, encoded)
    result.timings.redact = redact
    result.timings.encode = encode
    return result
  }

  /// With cascades, which see shades of grey.
  private func search(_ decoder: ImageDecoder) async throws -> (Picture?, ImageResult) {
    let (width, height) = (decoder.header.orientedWidth, decoder.header.orientedHeight)
    var timings = Timings()
    let start = ContinuousClock.now
    let (picture, grey) = try await decode(decoder)
    timings.decode = Timings.since(start)
    let detecting = ContinuousClock.now
    let detections = try await detect(grey, width, height)
    timings.detect = Timings.since(detecting)
    let sight = Sight(width: grey.width, height: grey.height, of: (width, height))
    return (
      picture, ImageResult(width: width, height: height, detections: detections, sight: sight, timings: timings)
    )
  }

  /// With the operator's networks, which see colours. Without them nothing is decoded.
  private func ask(_ decoder: ImageDecoder) async throws -> (Picture?, ImageResult) {
    let (options, shelf, deadline) = (options, shelf, deadline)
    return try await offload {
      let networks = try shelf.networks(for: options.objects)
      var timings = Timings()
      let start = ContinuousClock.now
      let picture = try Self.seen(decoder)
      timings.decode = Timings.since(start)
      let detecting = ContinuousClock.now
      let (width, height) = (picture.raster.width, picture.raster.height)
      var detections: [Detection] = []
      // Of several networks the one that saw least.
      var sight = Sight(width: width, height: height, of: (width, height))
      for network in networks {
        let inner = network.letterbox(for: picture.raster).inner
        let own = Sight(width: inner.width, height: inner.height, of: (width, height))
        if own.factor > sight.factor { sight = own }
        detections += try network.find(
          in: picture.raster, options.objects, thresholds: options.threshold, deadline: deadline)
      }
      if networks.count > 1 {
        detections = try detections.withoutDoubles(overlap: NetworkSight.overlapOfNetworks, deadline: deadline)
      }
      timings.detect = Timings.since(detecting)
      return (
        picture, ImageResult(width: width, height: height, detections: detections, sight: sight, timings: timings)
      )
    }
  }

  /// As it is searched, so that nothing goes out which was not: colours behind transparency are not seen by a detector,
  /// but whoever takes the transparency away sees them.
  private static func seen(_ decoder: ImageDecoder) throws -> Picture {
    var picture = try decoder.picture()
    picture.raster = picture.raster.opaque()
    return picture
  }

  /// The image, if it is to go out, and what the detector sees. A JPEG is decoded for each of them, side by side.
  private func decode(_ decoder: ImageDecoder) async throws -> (Picture?, Raster) {
    let longest = CascadeDetector.longest
    guard options.mode == .blur else { return (nil, try await offload { try decoder.grey(longest: longest) }) }
    guard decoder.header.format == .jpeg else {
      return try await offload {
        let picture = try Self.seen(decoder)
        return (picture, picture.raster.grey().reduced(toLongest: longest))
      }
    }
    async let picture = offload { try decoder.picture() }
    async let grey = offload { try decoder.grey(longest: longest) }
    return try await (picture, grey)
  }

  private func detect(_ grey: Raster, _ width: Int, _ height: Int) async throws -> [Detection] {
    let (options, deadline) = (options, deadline)
    let least = options.threshold.mapValues { Int($0) }
    let detector = try await offload {
      CascadeDetector(
        grey, options.objects, isThorough: options.detector == .thorough, least: least, deadline: deadline)
    }
    try await withThrowingTaskGroup(of: Void.self) { group in
      for _ in 0..<Self.searchers {
        group.addTask { try await offload { try detector.work() } }
      }
      try await group.waitForAll()
    }
    return try await offload { try detector.detections(inWidth: width, height: height) }
  }

  private func hide(
    _ detections: [Detection], in picture: Picture, _ header: ImageHeader
  ) throws -> (ImageFormat, [UInt8], Double, Double) {
    var picture = picture
    let start = ContinuousClock.now
    if options.draw {
      for detection in detections {
        if ContinuousClock.now > deadline { throw ImageError.tooSlow }
        let colour: (UInt8, UInt8, UInt8) = detection.kind == .face ? (0, 255, 0) : (255, 220, 0)
        picture.raster.outline(detection.box, colour: colour)
      }
    } else {
      let redaction = Redaction(options.style, shape: options.shape, strength: options.strength)
      let boxes = detections.map { $0.box.grown(by: options.grow) }
      try redaction.apply(to: &picture.raster, boxes, deadline: deadline)
    }
    let redacted = Timings.since(start)
    let encoding = ContinuousClock.now
    let format = outgoing(header)
    let encoder = ImageEncoder(
      format, quality: options.quality, isLossless: header.isLossless && header.format == .webp)
    let bytes = try encoder.encode(picture, deadline: deadline)
    return (format, bytes, redacted, Timings.since(encoding))
  }
}
