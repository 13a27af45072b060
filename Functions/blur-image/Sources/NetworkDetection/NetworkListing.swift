/// What `detector=onnx` could use, as it is told.
package struct NetworkListing: Sendable, Encodable {
  package struct Runtime: Sendable, Encodable {
    package var path: String
    package var sha256: String?
    package var version: String?
    package var problem: String?
  }

  package struct Model: Sendable, Encodable {
    package var name: String
    /// Nil if it can't be looked at.
    package var bytes: Int?
    package var sha256: String?
    package var layout: String?
    package var finds: [String]?
    package var width: Int?
    package var height: Int?
    package var threshold: Double?
    package var problem: String?
  }

  package var runtime: Runtime
  package var models: [Model] = []
  package var problem: String?
}
