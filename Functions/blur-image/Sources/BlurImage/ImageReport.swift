/// What is told about one image, in JSON.
struct ImageReport: Sendable, Encodable {
  struct Object: Sendable, Encodable {
    var kind: String
    var x: Int
    var y: Int
    var width: Int
    var height: Int
    var score: Double
  }

  /// Of several images.
  var file: String?
  var width: Int
  var height: Int
  var detector: String
  var objects: [Object]
  var milliseconds: Timings
  /// What the caller has to know before it relies on the result.
  var notes: [String]
  var style: String?
  var format: String?
  /// In base64.
  var image: String?
}
