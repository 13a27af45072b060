import ApusDeployment

extension Stack {
  /// Reads a stack.yml with the variables of the environment, and the files that it names.
  ///
  /// - Parameters:
  ///   - file: what messages call it.
  ///   - readsTemplates: whether a function without `fprocess` takes it from its template, which then has to be there.
  /// - Throws: everything that is wrong, if something is an error. Only a text that is not YAML, or in which an
  ///   expression `${…}` cannot be read, hides what else may be wrong.
  package static func read(
    _ text: [UInt8], file: String, environment: [String: String], files: some StackFiles,
    readsTemplates: Bool = true, limits: StackLimits = StackLimits()
  ) throws(StackError) -> Stack {
    var reader = StackReader(
      file: file, environment: environment, files: files, readsTemplates: readsTemplates, limits: limits)
    return try reader.read(text)
  }

  /// Reads the file at a path.
  package static func read(
    path: String, environment: [String: String], readsTemplates: Bool = true, limits: StackLimits = StackLimits()
  ) throws(StackError) -> Stack {
    let slash = path.lastIndex(of: "/")
    let folder = slash.map { $0 == path.startIndex ? "/" : String(path[..<$0]) } ?? "."
    let files = StackFolder(folder)
    let text: [UInt8]
    do throws(StackFileError) {
      text = try files.read(
        String(path[(slash.map(path.index(after:)) ?? path.startIndex)...]), limit: limits.fileBytes)
    } catch {
      throw StackError(diagnoses: [Diagnosis(.error, Place(file: path, line: 1, column: 1), error.description)])
    }
    return try read(
      text, file: path, environment: environment, files: files, readsTemplates: readsTemplates, limits: limits)
  }
}
