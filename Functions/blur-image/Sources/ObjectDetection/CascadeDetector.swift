package import ImageModel

/// Looks for objects with cascades, in all the ways that its choice asks for. Several threads may work on it at once.
package final class CascadeDetector: Sendable {
  /// The longer side of the image that is searched: a face has to have 1/40 of it, a plate 1/16.
  package static let longest = 960
  /// A group of windows has to have more than these; with fewer, faceless photographs have faces.
  package static let leastDefaults: [ObjectKind: Int] = [.face: 4, .plate: 3]
  /// Pixels that the narrowest object has which is looked for, in the image that is searched. Smaller faces are mostly
  /// mistakes, and cost a third of the time.
  package static func smallest(_ kind: ObjectKind) -> Int { kind == .face ? 24 : Cascade.plate.width }
  /// From one scale to the next. A coarse one finds as many upright faces in half the time, with fewer windows on each;
  /// of plates it misses one in six.
  private static let steps = (coarse: 1.2, fine: CascadeSearch.stepDefault)

  private let searches: [CascadeSearch]
  /// What each search looked at, if it was turned.
  private let turned: [TurnedImage?]
  private let sight: Box
  private let deadline: ContinuousClock.Instant

  /// Of a grey image.
  package init(
    _ image: Raster, _ kinds: Set<ObjectKind>, isThorough: Bool, least: [ObjectKind: Int],
    deadline: ContinuousClock.Instant
  ) {
    var searches: [CascadeSearch] = []
    var turned: [TurnedImage?] = []
    if kinds.contains(.face) {
      let least = least[.face] ?? Self.leastDefaults[.face] ?? 0
      let step = isThorough ? Self.steps.fine : Self.steps.coarse
      func faces(_ cascade: Cascade, least: Int) -> CascadeSearch.Target {
        CascadeSearch.Target(.face, cascade, smallest: Self.smallest(.face), least: least)
      }
      var upright = [faces(.frontalFace, least: least)]
      if isThorough {
        // Profiles have fewer features of their own, so more windows have to agree.
        upright += [Cascade.profileFace, Cascade.profileFace.mirrored].map { faces($0, least: least + 2) }
        for degrees in [-30.0, 30.0] {
          let image = TurnedImage(image, degrees: degrees)
          searches.append(
            CascadeSearch(image.raster, [faces(.frontalFace, least: least)], step: step, deadline: deadline))
          turned.append(image)
        }
      }
      searches.append(CascadeSearch(image, upright, step: step, deadline: deadline))
      turned.append(nil)
    }
    if kinds.contains(.plate) {
      let target = CascadeSearch.Target(.plate, .plate, least: least[.plate] ?? Self.leastDefaults[.plate] ?? 0)
      searches.append(CascadeSearch(image, [target], step: Self.steps.fine, deadline: deadline))
      turned.append(nil)
    }
    self.searches = searches
    self.turned = turned
    sight = image.bounds
    self.deadline = deadline
  }

  /// Takes part in the search until nothing is left to be looked at.
  package func work() throws(DetectionError) {
    for search in searches { try search.work() }
  }

  /// What was found, in an image of this size of which a smaller one was searched; when all work is done.
  package func detections(inWidth width: Int, height: Int) throws(DetectionError) -> [Detection] {
    let horizontal = Double(width) / Double(sight.width)
    let vertical = Double(height) / Double(sight.height)
    var found: [Detection] = []
    for (search, turned) in zip(searches, turned) {
      for var detection in search.detections() {
        if let turned { detection.box = turned.original(of: detection.box) }
        detection.box = detection.box.scaled(horizontal, vertical)
          .intersection(Box(x: 0, y: 0, width: width, height: height))
        if !detection.box.isEmpty { found.append(detection) }
      }
    }
    return try found.withoutDoubles(overlap: 0.3, deadline: deadline)
  }
}
