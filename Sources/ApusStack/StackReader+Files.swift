import ApusDeployment
import ApusModel
import ApusYAML

extension StackReader {
  /// `environment`, then the files in their order; later ones win.
  mutating func readVariables(_ fields: StackFields, _ sources: inout Sources) -> [String: String] {
    let path = FieldPath("envVars")
    sources[path] = fields["environment"].map(StackSource.init)
    var variables: [String: String] = [:]
    for (key, value, node) in document.entries(fields, "environment") {
      variables[key] = value
      sources[path.key(key)] = StackSource(node)
    }
    for (node, name) in document.texts(fields, "environment_file") {
      let file = environmentFile(name)
      if let problem = file.problem {
        document.error(node, "the file \(QuotedText(name)) of the environment: \(problem)")
      }
      for (key, value, place) in file.variables {
        variables[key] = value
        sources[path.key(key)] = .file(place)
      }
    }
    return variables
  }

  private mutating func environmentFile(_ name: String) -> EnvironmentFile {
    if let file = environmentFiles[name] { return file }
    let file = readEnvironmentFile(name)
    environmentFiles[name] = file
    return file
  }

  private mutating func readEnvironmentFile(_ name: String) -> EnvironmentFile {
    guard let (inner, node) = open(name) else { return EnvironmentFile() }
    var file = EnvironmentFile()
    switch node {
    case .failure(let problem):
      file.problem = problem.description
    case .success(nil):
      break
    case .success(let node?):
      var inner = inner
      let fields = inner.fields(node, known: StackKeys.environmentFile)
      if fields["environment"] == nil, node.entries != nil {
        inner.warning(node, "there is no environment: here, so nothing is set; write the variables below that key")
      }
      for (key, value, node) in inner.entries(fields, "environment") {
        file.variables.append((key, value, inner.place(node)))
      }
      take(inner)
    }
    return file
  }

  /// The program that answers: `fprocess`, or the template's.
  mutating func readProcess(_ fields: StackFields, _ build: StackFunction.Build) -> String? {
    if let process = document.text(fields, "fprocess") { return process }
    guard readsTemplates, let language = build.language, let node = fields["lang"] else { return nil }
    // A Dockerfile says by itself what it runs, a Swift function of ours answers by itself, and a program is its own.
    guard !StackKeys.languages.contains(language), language.lowercased() != "dockerfile" else { return nil }
    let template = template(language)
    if let problem = template.problem {
      document.error(node, "the template of \(QuotedText(language)): \(problem), or say fprocess here")
    }
    return template.process
  }

  private mutating func template(_ language: String) -> TemplateFile {
    if let template = templates[language] { return template }
    var template = TemplateFile()
    let name = "template/\(language)/template.yml"
    if let (inner, node) = open(name) {
      switch node {
      case .failure(let problem):
        template.problem = "\(QuotedText(name)): \(problem)"
      case .success(let node):
        var inner = inner
        if let node { template.process = inner.text(inner.fields(node, known: nil), "fprocess") }
        take(inner)
      }
    }
    templates[language] = template
    return template
  }

  /// The first document of a file, in which nothing is substituted; nil if it is no YAML, which is then reported.
  private mutating func open(_ name: String) -> (StackDocument, Result<YAMLNode?, StackFileError>)? {
    let bytes: [UInt8]
    var inner = StackDocument(file: name, map: SourceMap([]), limits: limits)
    do throws(StackFileError) {
      bytes = try files.read(name, limit: limits.fileBytes)
    } catch {
      return (inner, .failure(error))
    }
    do throws(YAMLError) {
      return (inner, .success(try YAMLParser.parse(bytes: bytes, limits: limits.yaml).first))
    } catch {
      inner.report(
        Diagnosis(
          .error, Place(file: name, line: error.line, column: error.column), "\(error.what); \(error.advice)"))
      take(inner)
      return nil
    }
  }

  private mutating func take(_ inner: StackDocument) {
    for diagnosis in inner.diagnoses { document.report(diagnosis) }
  }
}
