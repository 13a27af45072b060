/// What a node takes when every alias in it is written out.
struct YAMLSize {
  var nodes: Int
  /// Bytes of scalars and tags.
  var textBytes: Int
  /// Levels of collections: 0 for a scalar.
  var depth: Int
}
