package import Apus
internal import ImageCodecs
internal import ImageRedaction
package import NetworkDetection
internal import ObjectDetection

/// `blur-image` as it is called: images in, images or boxes out. docs/guides/blur-image.md says how.
package struct BlurFunction: Sendable {
  private let limits: BlurLimits
  private let shelf: NetworkShelf

  package init(_ limits: BlurLimits = BlurLimits(), _ shelf: NetworkShelf = NetworkShelf()) {
    self.limits = limits
    self.shelf = shelf
  }

  package var handler: Handler {
    let routes = Routes()
      .on(.post, "/") { request, context in try await process(request, context) }
      .on(.get, "/") { _ in .text(Self.usage) }
      .on(.get, "/models") { _ in
        let shelf = shelf
        return try .encode(try await offload { try shelf.listing() })
      }
    return Self.uncached(routes.handler)
  }

  private static let usage = """
    POST a JPEG, PNG or WebP here: it comes back with faces and licence plates hidden.
    ?mode=detect says where they are. Options: \(BlurOptions.names.joined(separator: ", ")).

    """

  /// No answer may be kept by anybody in between, whatever it is.
  private static func uncached(_ handler: Handler) -> Handler {
    let (name, value) = ("Cache-Control", "no-store")
    return Handler { (request: Request, context: Context) async throws -> Response in
      do {
        var response = try await handler.run(request, context)
        response.headers[name] = value
        return response
      } catch {
        var problem = Problem(refusing: error) ?? Problem(error, in: context)
        problem.headers[name] = value
        throw problem
      }
    }
  }

  private func process(_ request: Request, _ context: Context) async throws -> Response {
    let incoming = try await IncomingImages.of(request, limits)
    let job = ImageJob(
      options: incoming.options, limits: limits, shelf: shelf,
      deadline: .now + min(context.timeLeft, BlurLimits.time))
    let accept = Accept(request.headers.values("Accept"))
    // All headers first: what they tell is refused before any search.
    var decoders: [ImageDecoder] = []
    for (index, image) in incoming.images.enumerated() {
      decoders.append(try await attempt(index, of: incoming) { try await job.open(image.bytes) })
    }
    var results: [ImageResult] = []
    for (index, decoder) in decoders.enumerated() {
      try Task.checkCancellation()
      var result = try await attempt(index, of: incoming) { try await job.run(decoder) }
      result.file = incoming.file(index)
      results.append(result)
    }
    let (all, options) = (results, job.options)
    // Base64 and archives of images take a while, too.
    return try await offload { try response(all, options, accept) }
  }

  /// Says of several images which one can't be taken.
  private func attempt<Value>(
    _ index: Int, of incoming: IncomingImages, _ work: () async throws -> Value
  ) async throws -> Value {
    do {
      return try await work()
    } catch {
      // Without its detector no image is at fault.
      if case DetectionError.unavailable = error { throw error }
      if case DetectionError.busy = error { throw error }
      guard let problem = Problem(refusing: error) else { throw error }
      throw problem.about(index, of: incoming)
    }
  }

  /// In the form that the caller likes best: of one image the image itself before a report, and an archive last.
  private func response(_ results: [ImageResult], _ options: BlurOptions, _ accept: Accept) throws -> Response {
    let (json, zip) = ("application/json", "application/zip")
    let images = results.compactMap(\.encoded)
    var forms = images.isEmpty ? [json] : [json, zip]
    if images.count == 1 { forms.insert(images[0].format.mediaType, at: 0) }
    // Where none is taken, it is as if nothing had been said about it (RFC 9110 section 12.5.1).
    var response: Response
    switch accept.best(of: forms) ?? forms[0] {
    case json:
      let reports = results.map { $0.report(options) }
      response = try reports.count == 1 ? .encode(reports[0]) : .encode(reports)
    case zip:
      var archive = ZipArchive()
      for (index, image) in images.enumerated() {
        archive.add("image-\(index + 1).\(image.format.fileExtension)", image.bytes)
      }
      response = Response(headers: ["Content-Type": zip], body: archive.finish())
    case let type: response = Response(headers: ["Content-Type": type], body: images[0].bytes)
    }
    describe(results, options, &response)
    response.headers["Server-Timing"] = Timings(sumOf: results.map(\.timings)).field
    return response
  }

  private func describe(_ results: [ImageResult], _ options: BlurOptions, _ response: inout Response) {
    response.headers["X-Objects-Faces"] = "\(results.reduce(0) { $0 + $1.count(.face) })"
    response.headers["X-Objects-Plates"] = "\(results.reduce(0) { $0 + $1.count(.plate) })"
    response.headers["X-Detector"] = options.detector.rawValue
    // Of several the one that was seen worst: a line for each of them would not fit into a header.
    let coarsest = results.indices.max { results[$0].sight.factor < results[$1].sight.factor }
    let sight = coarsest.map { index in
      (results.count > 1 ? "image \(index + 1), the coarsest: " : "") + results[index].sight.note(options)
    }
    response.headers["X-Notes"] = (options.notes + [sight].compactMap { $0 }).joined(separator: "; ")
  }
}
