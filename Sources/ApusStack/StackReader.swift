import ApusDeployment
import ApusModel
import ApusYAML

/// Reads one stack.
struct StackReader<Files: StackFiles> {
  let environment: [String: String]
  let files: Files
  let readsTemplates: Bool
  let limits: StackLimits
  var document: StackDocument
  /// What the files named by functions hold; each is read once.
  var environmentFiles: [String: EnvironmentFile] = [:]
  var templates: [String: TemplateFile] = [:]
  /// Languages for which the stack itself says where their templates are.
  var templateNames: Set<String> = []

  init(file: String, environment: [String: String], files: Files, readsTemplates: Bool, limits: StackLimits) {
    self.environment = environment
    self.files = files
    self.readsTemplates = readsTemplates
    self.limits = limits
    document = StackDocument(file: file, map: SourceMap([]), limits: limits)
  }

  mutating func read(_ text: [UInt8]) throws(StackError) -> Stack {
    guard let top = try parse(text) else { throw failure() }
    let fields = document.fields(top, known: StackKeys.stack)
    checkVersion(fields)
    let gateway = readProvider(fields, of: top)
    let configuration = fields["configuration"].map { document.fields($0, known: StackKeys.configuration) }
    let templates = configuration.map { readTemplates($0) } ?? []
    templateNames = Set(templates.map(\.name))
    let copied = configuration.map { document.texts($0, "copy").map(\.text) } ?? []
    let functions = readFunctions(fields, of: top)
    guard !document.hasErrors else { throw failure() }
    return Stack(
      gateway: gateway, templates: templates, copiedFolders: copied, functions: functions,
      warnings: sortedDiagnoses())
  }

  /// The first document, after substitution.
  private mutating func parse(_ text: [UInt8]) throws(StackError) -> YAMLNode? {
    guard text.count <= limits.fileBytes else {
      let error = StackFileError.tooLarge(limit: limits.fileBytes)
      document.report(Diagnosis(.error, Place(file: document.file, line: 1, column: 1), error.description))
      return nil
    }
    // The parser would skip a mark at the front, but an expression before it must not count it as a column.
    let text = text.starts(with: [0xEF, 0xBB, 0xBF]) ? Array(text.dropFirst(3)) : text
    let substitution = Substitution(text, variables: environment, limits: limits)
    document = StackDocument(file: document.file, map: substitution.map, limits: limits)
    for (line, column, name) in substitution.missing {
      let advice = "set it, or write ${\(name):-default}"
      report(.warning, line, column, "the variable \(name) is not set, so nothing stands here; \(advice)")
    }
    for (line, column, error) in substitution.errors { report(.error, line, column, error.description) }
    guard substitution.errors.isEmpty else { return nil }
    do throws(YAMLError) {
      let documents = try YAMLParser.parse(bytes: substitution.output, limits: limits.yaml)
      if documents.count > 1 {
        document.warning(documents[1], "only the document above is read; put this one into a file of its own")
      }
      guard let first = documents.first, !first.isNull else {
        report(.error, 1, 1, "the file says nothing; begin with provider and functions")
        return nil
      }
      return first
    } catch {
      let place = document.place(line: error.line, column: error.column)
      document.report(Diagnosis(.error, place, "\(error.what); \(error.advice)"))
      return nil
    }
  }

  private mutating func report(_ severity: Diagnosis.Severity, _ line: Int, _ column: Int, _ text: String) {
    document.report(Diagnosis(severity, Place(file: document.file, line: line, column: column), text))
  }

  private func failure() -> StackError { StackError(diagnoses: sortedDiagnoses()) }

  /// The stack's own in the order of the file, then those of other files.
  private func sortedDiagnoses() -> [Diagnosis] {
    let file = document.file
    return document.diagnoses.enumerated().sorted { left, right in
      func key(_ element: (offset: Int, element: Diagnosis)) -> (Int, Int, Int, Int) {
        let place = element.element.place
        return place.file == file ? (0, place.line, place.column, element.offset) : (1, 0, 0, element.offset)
      }
      return key(left) < key(right)
    }.map(\.element)
  }

  private mutating func checkVersion(_ fields: StackFields) {
    guard let node = fields["version"], let version = document.text(fields, "version"), version != "1.0" else { return }
    document.error(node, "the version \(QuotedText(version)) is not known; write version: 1.0, or leave it out")
  }

  /// The gateway.
  private mutating func readProvider(_ fields: StackFields, of top: YAMLNode) -> String? {
    guard let node = fields["provider"] else {
      if top.entries != nil {
        document.error(top, "there is no provider; add provider: with name: openfaas below it")
      }
      return nil
    }
    let provider = document.fields(node, known: StackKeys.provider)
    let name = document.text(provider, "name")
    if let name, name != "openfaas", let node = provider["name"] {
      document.error(node, "the provider \(QuotedText(name)) is not known; write name: openfaas")
    } else if name == nil, node.isNull || node.entries != nil, provider["name"]?.text != nil || provider["name"] == nil
    {
      document.error(node, "the provider has no name; add name: openfaas")
    }
    return document.text(provider, "gateway")
  }

  private mutating func readTemplates(_ configuration: StackFields) -> [Stack.Template] {
    guard let node = configuration["templates"] else { return [] }
    return document.items(node).compactMap { item in
      let fields = document.fields(item, known: StackKeys.template)
      let source = document.text(fields, "source")
      if let name = document.text(fields, "name") { return Stack.Template(name: name, source: source) }
      if item.entries != nil { document.error(item, "the template has no name; add name: LANGUAGE") }
      return nil
    }
  }

  private mutating func readFunctions(_ fields: StackFields, of top: YAMLNode) -> [StackFunction] {
    guard let node = fields["functions"] else {
      if top.entries != nil {
        document.error(top, "there are no functions; add functions: with the name of each below it")
      }
      return []
    }
    let functions = document.fields(node, known: nil)
    guard !functions.entries.isEmpty else {
      if node.isNull || node.entries != nil {
        document.error(node, "there are no functions; add the name of each below this key")
      }
      return []
    }
    guard functions.entries.count <= limits.functions else {
      let count = functions.entries.count
      document.error(node, "there are \(count) functions, \(limits.functions) are allowed; split the file")
      return []
    }
    return functions.entries.compactMap { readFunction($0.key, at: $0.keyNode, $0.value) }
  }
}
