/// The keys that a stack may have, level by level.
enum StackKeys {
  static let stack = ["version", "provider", "functions", "configuration"]
  static let provider = ["name", "gateway"]
  static let configuration = ["templates", "copy"]
  static let template = ["name", "source"]
  static let function = [
    "lang", "handler", "image", "fprocess", "environment", "environment_file", "secrets", "labels", "annotations",
    "limits", "requests", "constraints", "readonly_root_filesystem", "namespace", "skip_build", "build_options",
    "build_args", "build_secrets", "platforms",
  ]
  static let resources = ["memory", "cpu"]
  static let environmentFile = ["environment"]
}
