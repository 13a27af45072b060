/// Which detector looks.
package enum DetectorChoice: String, Sendable, CaseIterable {
  /// Upright faces that look at the camera, and plates.
  case fast
  /// Also faces in profile, and faces tilted by up to about 40 degrees.
  case thorough
  /// A network of the operator's own.
  case onnx
}
