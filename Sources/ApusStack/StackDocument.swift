import ApusDeployment
import ApusModel
import ApusYAML

/// One file being read: its nodes with types that the keys ask for, and everything that is wrong with it.
struct StackDocument {
  let file: String
  let map: SourceMap
  let limits: StackLimits
  private(set) var diagnoses: [Diagnosis] = []
  private var errorCount = 0

  init(file: String, map: SourceMap, limits: StackLimits) {
    self.file = file
    self.map = map
    self.limits = limits
  }

  var hasErrors: Bool { errorCount > 0 }

  func place(_ node: YAMLNode) -> Place { place(line: node.line, column: node.column) }

  func place(line: Int, column: Int) -> Place {
    let source = map.source(line: line, column: column)
    return Place(file: file, line: source.line, column: source.column)
  }

  mutating func error(_ node: YAMLNode, _ text: String) { report(.error, node, text) }

  mutating func warning(_ node: YAMLNode, _ text: String) { report(.warning, node, text) }

  mutating func report(_ severity: Diagnosis.Severity, _ node: YAMLNode, _ text: String) {
    guard counts(severity) else { return }
    diagnoses.append(Diagnosis(severity, place(node), text))
  }

  /// Takes a diagnosis with a place of its own, such as one in the text before substitution.
  mutating func report(_ diagnosis: Diagnosis) {
    if counts(diagnosis.severity) { diagnoses.append(diagnosis) }
  }

  /// Whether there is room for one more, which is then counted.
  private mutating func counts(_ severity: Diagnosis.Severity) -> Bool {
    if severity == .error { errorCount += 1 }
    let shown = severity == .error ? errorCount - 1 : diagnoses.count { $0.severity == .warning }
    return shown < limits.diagnoses
  }
}

extension StackDocument {
  /// The scalar's text as written, whatever it could mean: `1.10` stays `1.10`. `null` is empty text.
  mutating func text(_ node: YAMLNode) -> String? {
    if node.isNull { return "" }
    if let text = node.text { return text }
    error(node, "\(Self.kind(node)) stands where text is expected; write the text on the line of its key")
    return nil
  }

  /// The scalar's text; nil where the key is absent or says nothing.
  mutating func text(_ fields: StackFields, _ key: String) -> String? {
    guard let value = fields[key], let text = text(value) else { return nil }
    return text.isEmpty ? nil : text
  }

  /// YAML 1.1's words count too, as in faas-cli, and in quotes, where a substituted variable often is.
  mutating func flag(_ fields: StackFields, _ key: String) -> Bool {
    guard let value = fields[key], let text = text(value) else { return false }
    switch text.lowercased() {
    case "": return false
    case "true", "yes", "on", "y": return true
    case "false", "no", "off", "n": return false
    default:
      error(value, "\(QuotedText(text)) is neither true nor false; write one of them")
      return false
    }
  }

  /// The items with their nodes.
  mutating func texts(_ fields: StackFields, _ key: String) -> [(node: YAMLNode, text: String)] {
    guard let value = fields[key] else { return [] }
    return items(value).compactMap { item in text(item).map { (item, $0) } }
  }

  mutating func items(_ node: YAMLNode) -> [YAMLNode] {
    if node.isNull { return [] }
    if let items = node.items { return items }
    error(node, "\(Self.kind(node)) stands where a list is expected; write each item on a line of its own after \"- \"")
    return []
  }

  /// The entries of a map whose keys are free, in the order of the file.
  mutating func entries(_ fields: StackFields, _ key: String) -> [(key: String, value: String, node: YAMLNode)] {
    guard let value = fields[key] else { return [] }
    return self.fields(value, known: nil).entries.compactMap { entry in
      text(entry.value).map { (entry.key, $0, entry.value) }
    }
  }

  /// The fields of a mapping; unknown keys are reported unless any is allowed.
  mutating func fields(_ node: YAMLNode, known: [String]?) -> StackFields {
    if node.isNull { return StackFields() }
    guard node.entries != nil else {
      error(node, "\(Self.kind(node)) stands where keys are expected; write \"key: value\" below, further to the right")
      return StackFields()
    }
    var fields = StackFields()
    merge(node, into: &fields)
    if let known { checkKeys(fields, known) }
    return fields
  }

  /// Own keys win over merged ones, and those of an earlier mapping over those of a later one (YAML merge key type).
  private mutating func merge(_ node: YAMLNode, into fields: inout StackFields) {
    var merged: [YAMLNode] = []
    for entry in node.entries ?? [] {
      if case .scalar("<<", style: .plain, tag: nil) = entry.key.kind {
        merged += entry.value.items ?? [entry.value]
      } else {
        fields.add(entry)
      }
    }
    for node in merged {
      if node.entries != nil {
        merge(node, into: &fields)
      } else {
        error(node, "\(Self.kind(node)) cannot be merged; write <<: *NAME, where &NAME stands before a mapping")
      }
    }
  }

  private mutating func checkKeys(_ fields: StackFields, _ known: [String]) {
    for (key, node, _) in fields.entries where !known.contains(key) && !key.hasPrefix("x-") {
      guard let nearest = Suggestion.nearest(to: key, among: known) else {
        warning(node, "the key \(QuotedText(key)) is not known and has no effect; remove it, or begin it with x-")
        continue
      }
      let distance = Suggestion.editDistance(Array(key), Array(nearest))
      report(
        distance <= 2 ? .error : .warning, node, "the key \(QuotedText(key)) is not known; did you mean \(nearest)?")
    }
  }

  static func kind(_ node: YAMLNode) -> String {
    switch node.kind {
    case .scalar: node.isNull ? "nothing" : "text"
    case .sequence: "a list"
    case .mapping: "a mapping"
    }
  }
}
