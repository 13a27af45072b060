internal import CCascades

/// A boosted cascade: a window is an object if it passes all stages, and most windows fail the first.
package struct Cascade: Sendable {
  struct Rectangle: Sendable {
    var x: Int32
    var y: Int32
    var width: Int32
    var height: Int32
    var weight: Float
  }

  /// A weighted sum of sums of pixels.
  struct Feature: Sendable {
    var isTilted: Bool
    var rectangles: [Rectangle]
  }

  struct Node: Sendable {
    var feature: Int
    var threshold: Float
  }

  /// One or two nodes. Of two, the root has one leaf, on the side `leafIsLesser` says, and the second node on the
  /// other.
  struct Tree: Sendable {
    var root: Node
    var second: Node?
    var leafIsLesser: Bool
    /// The root's own, then the lesser and the greater side of the second; of a lone root its lesser and greater side.
    var leaves: (Float, Float, Float)
  }

  struct Stage: Sendable {
    var threshold: Float
    var trees: Range<Int>
  }

  package internal(set) var width = 0
  package internal(set) var height = 0
  var stages: [Stage] = []
  var trees: [Tree] = []
  var features: [Feature] = []

  var hasTilted: Bool { features.contains { $0.isTilted } }

  package static let frontalFace = Cascade(apus_cascade_frontal_face())
  package static let profileFace = Cascade(apus_cascade_profile_face())
  package static let plate = Cascade(apus_cascade_plate())

  /// Faces that look to the other side. Tilted features have no mirror image of the same form.
  package var mirrored: Cascade {
    precondition(!hasTilted, "only upright features can be mirrored")
    var mirrored = self
    for index in features.indices {
      for number in features[index].rectangles.indices {
        let rectangle = features[index].rectangles[number]
        mirrored.features[index].rectangles[number].x = Int32(width) - rectangle.x - rectangle.width
      }
    }
    return mirrored
  }
}
