package import ImageModel
package import ObjectDetection

/// One network of the operator's own, tried once and ready.
package struct Network: Sendable {
  /// Its file.
  package let name: String
  package let decoder: NetworkDecoder
  package let sight: NetworkSight
  private let session: NetworkSession

  package var kinds: Set<ObjectKind> { decoder.classes.kinds }

  init(
    _ name: String, _ bytes: [UInt8], _ description: NetworkDescription, _ runtime: NetworkRuntime
  ) throws(DetectionError) {
    let session = try NetworkSession(runtime, bytes)
    let (width, height) = try Self.size(session.input, description)
    // A black picture: what matters are the shapes that come out.
    let picture = [Float](repeating: 0, count: 3 * width * height)
    let outputs = try session.run(picture, width: width, height: height, deadline: .now + NetworkLimits.trial)
    let byName = NetworkClasses(name: name)
    let looksForFaces = description.classes.map { $0 == [.face] } ?? (byName == .all(.face))
    guard let layout = description.layout ?? NetworkLayout(shapes: outputs, looksForFaces: looksForFaces) else {
      let shapes = outputs.map(\.sides).joined(separator: ", ")
      throw .unavailable("its output (\(shapes)) is of no layout that is known; say which one in its JSON")
    }
    let classes = description.classes.map(NetworkClasses.listed) ?? (layout.isForFaces ? .all(.face) : byName)
    guard let classes, !layout.isForFaces || classes.kinds == [.face] else {
      throw .unavailable(
        "which of its classes is what is not known: name the file after what it finds (face or plate), or write "
          + "{\"classes\": [\"face\", \"plate\"]} into its JSON")
    }
    self.name = name
    self.session = session
    decoder = NetworkDecoder(layout, classes, width: width, height: height)
    sight = NetworkSight(layout, description)
    let all = Dictionary(uniqueKeysWithValues: classes.kinds.map { ($0, Float(2)) })
    _ = try decoder.boxes(outputs, atLeast: all)
  }

  private static func size(
    _ input: [Int], _ description: NetworkDescription
  ) throws(DetectionError) -> (width: Int, height: Int) {
    guard input.count == 4, input[0] == 1 || input[0] < 1, input[1] == 3 || input[1] < 1 else {
      throw .unavailable("its input has to be of one picture of three colours: 1, 3, height, width")
    }
    func side(_ own: Int, _ told: Int?, _ name: String) throws(DetectionError) -> Int {
      let side = own > 0 ? own : told ?? NetworkLimits.sideDefault
      guard (32...NetworkLimits.side).contains(side), told == nil || told == side else {
        throw .unavailable("its \(name) is \(own); 32 to \(NetworkLimits.side) are possible, and its JSON has to agree")
      }
      return side
    }
    return (try side(input[3], description.width, "width"), try side(input[2], description.height, "height"))
  }

  /// Where it sees a picture.
  package func letterbox(for picture: Raster) -> Letterbox {
    Letterbox(picture, width: decoder.width, height: decoder.height, isCentred: sight.isCentred)
  }

  /// What it finds in a picture, in that one's pixels.
  package func find(
    in picture: Raster, _ kinds: Set<ObjectKind>, thresholds: [ObjectKind: Double], deadline: ContinuousClock.Instant
  ) throws(DetectionError) -> [Detection] {
    let wanted = self.kinds.intersection(kinds)
    let least = Dictionary(
      uniqueKeysWithValues: wanted.map { ($0, thresholds[$0].map { Float($0) } ?? sight.threshold) })
    let letterbox = letterbox(for: picture)
    let planes = try letterbox.planes(of: picture, sight, deadline: deadline)
    do throws(DetectionError) {
      let outputs = try session.run(planes, width: decoder.width, height: decoder.height, deadline: deadline)
      let boxes = try decoder.boxes(outputs, atLeast: least).withoutLesser(overlap: sight.overlap, deadline: deadline)
      return boxes.compactMap { found in
        let box = letterbox.original(found)
        // To the thousandth: the rest is noise of single precision.
        let score = (Double(found.score) * 1_000).rounded() / 1_000
        return box.isEmpty ? nil : Detection(kind: found.kind, box: box, score: score)
      }
    } catch {
      throw error.of(name)
    }
  }
}

extension NetworkSight {
  init(_ layout: NetworkLayout, _ description: NetworkDescription) {
    self.init(layout)
    isRGB = description.isRGB ?? isRGB
    isCentred = description.isCentred ?? isCentred
    mean = description.mean ?? mean
    deviation = description.deviation ?? deviation
    fill = description.fill ?? fill
    threshold = description.threshold ?? threshold
    overlap = description.overlap ?? overlap
  }
}

extension DetectionError {
  /// The same, with the network's name.
  func of(_ network: String) -> DetectionError {
    guard case .unavailable(let reason) = self else { return self }
    return .unavailable("The network \(network) can't be used: \(reason).")
  }
}
