/// The files of a new function, and what its stack says of it beside name, handler and image.
protocol FunctionTemplate {
  /// Each with its path in the function's folder.
  var files: [TemplateText] { get }
  /// Lines of the stack, below the function's name.
  var stackLines: [String] { get }
}

/// One file of a template.
struct TemplateText {
  let path: String
  let text: String
  var isExecutable = false
}

extension FunctionTemplate {
  /// The folders of its files, the outer ones first.
  var folders: [String] {
    var folders: [String] = []
    for file in files {
      guard let slash = file.path.lastIndex(of: "/") else { continue }
      let folder = String(file.path[..<slash])
      if !folders.contains(folder) { folders.append(folder) }
    }
    return folders
  }
}
