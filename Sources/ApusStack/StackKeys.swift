/// The keys that a stack may have, level by level.
package enum StackKeys {
  package static let stack = ["version", "provider", "functions", "configuration"]
  package static let provider = ["name", "gateway"]
  package static let configuration = ["templates", "copy"]
  package static let template = ["name", "source"]
  package static let function = [
    "lang", "handler", "image", "fprocess", "environment", "environment_file", "secrets", "labels", "annotations",
    "limits", "requests", "constraints", "readonly_root_filesystem", "namespace", "skip_build", "build_options",
    "build_args", "build_secrets", "platforms",
  ]
  package static let resources = ["memory", "cpu"]
  package static let environmentFile = ["environment"]
  /// Values of `lang` that are not the names of templates.
  package static let languages = ["swift", "program", "dockerfile"]
}
