import ApusModel

extension StackReader {
  /// What makes the function's image; nil where it is not said, or is a slip.
  ///
  /// OpenFaaS has a template for any word here. One that is neither ours nor the stack's own is an error if it can only
  /// be a slip of ours, and a warning otherwise: its image may be stored.
  mutating func readLanguage(_ fields: StackFields, isBuilt: Bool) -> String? {
    guard let language = document.text(fields, "lang"), let node = fields["lang"] else { return nil }
    let isKnown = StackKeys.languages.contains(language) || language.lowercased() == "dockerfile"
    guard !isKnown, !templateNames.contains(language) else { return language }
    // swift5 and the like are templates' names.
    let near = Suggestion.nearest(to: language, among: StackKeys.languages)
    if let near, !language.hasPrefix(near), Suggestion.editDistance(Array(language), Array(near)) <= 2 {
      document.error(node, "the language \(QuotedText(language)) is not known; did you mean \(near)?")
      return nil
    }
    if isBuilt, !readsTemplates {
      document.warning(
        node,
        "apus does not build \(QuotedText(language)), so the image has to be stored already; lang: program takes"
          + " what is built, and lang: swift builds it")
    }
    return language
  }
}
