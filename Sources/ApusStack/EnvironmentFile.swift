/// What an `environment_file` holds.
struct EnvironmentFile {
  var variables: [(key: String, value: String, place: Place)] = []
  /// Why it cannot be had; said wherever it is named.
  var problem: String?
}
