package import ImageModel

/// Looks for objects with cascades, in all the ways that its choice asks for. Several threads may work on it at once.
package final class CascadeDetector: Sendable {
  /// The longer side of the image that is searched: a face has to have 1/40 of it, a plate 1/14.
  package static let longest = 960
  /// A group of windows has to have more than these; with fewer, faceless photographs have faces.
  package static let leastDefaults: [ObjectKind: Int] = [.face: 4, .plate: 3]
  /// Smaller ones are mostly mistakes, and cost a third of the time.
  private static let smallestFace = 24
  /// From one scale to the next: a coarser one finds as many upright faces in half the time, with fewer windows on each.
  private static let steps = (fast: 1.2, thorough: CascadeSearch.stepDefault)

  private let searches: [CascadeSearch]
  /// What each search looked at, if it was turned.
  private let turned: [TurnedImage?]
  private let sight: Box

  /// Of a grey image.
  package init(
    _ image: Raster, _ kinds: Set<ObjectKind>, isThorough: Bool, least: [ObjectKind: Int],
    deadline: ContinuousClock.Instant
  ) {
    let faceLeast = least[.face] ?? Self.leastDefaults[.face] ?? 0
    let smallest = Self.smallestFace
    let step = isThorough ? Self.steps.thorough : Self.steps.fast
    var upright: [CascadeSearch.Target] = []
    if kinds.contains(.face) {
      upright.append(CascadeSearch.Target(.face, .frontalFace, smallest: smallest, least: faceLeast))
      if isThorough {
        for cascade in [Cascade.profileFace, Cascade.profileFace.mirrored] {
          upright.append(CascadeSearch.Target(.face, cascade, smallest: smallest, least: faceLeast + 2))
        }
      }
    }
    if kinds.contains(.plate) {
      upright.append(CascadeSearch.Target(.plate, .plate, least: least[.plate] ?? Self.leastDefaults[.plate] ?? 0))
    }
    var searches = [CascadeSearch(image, upright, step: step, deadline: deadline)]
    var turned: [TurnedImage?] = [nil]
    if isThorough, kinds.contains(.face) {
      for degrees in [-30.0, 30.0] {
        let image = TurnedImage(image, degrees: degrees)
        let target = CascadeSearch.Target(.face, .frontalFace, smallest: smallest, least: faceLeast)
        searches.append(CascadeSearch(image.raster, [target], step: step, deadline: deadline))
        turned.append(image)
      }
    }
    self.searches = searches
    self.turned = turned
    sight = image.bounds
  }

  /// Takes part in the search until nothing is left to be looked at.
  package func work() throws(DetectionError) {
    for search in searches { try search.work() }
  }

  /// What was found, in an image of this size of which a smaller one was searched; when all work is done.
  package func detections(inWidth width: Int, height: Int) -> [Detection] {
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
    return found.withoutDoubles(overlap: 0.3)
  }
}
