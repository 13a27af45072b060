import ApusDeployment
import ApusModel

extension StackReader {
  /// What makes the function's image; nil where it is not said, or is a slip.
  ///
  /// OpenFaaS has a template for any word here. One that is neither ours nor the stack's own is an error if it can only
  /// be a slip of ours.
  mutating func readLanguage(_ fields: StackFields) -> String? {
    guard let language = document.text(fields, "lang"), let node = fields["lang"] else { return nil }
    guard isForeign(language) else { return language }
    // swift5 and the like are templates' names.
    let near = Suggestion.nearest(to: language, among: StackKeys.languages)
    if let near, !language.hasPrefix(near), Suggestion.editDistance(Array(language), Array(near)) <= 2 {
      document.error(node, "the language \(QuotedText(language)) is not known; did you mean \(near)?")
      return nil
    }
    return language
  }

  /// Warns of a language of which nothing is built or sent. With a process, or as a static site, the files themselves
  /// are the program.
  mutating func warnOfLanguage(_ fields: StackFields, of function: Deployment, _ build: StackFunction.Build) {
    guard !readsTemplates, !build.isSkipped, let language = build.language, let node = fields["lang"] else { return }
    guard isForeign(language), function.envProcess?.isEmpty != false, function.envVars["mode"] != "static" else {
      return
    }
    document.warning(
      node,
      "apus does not build \(QuotedText(language)), and nothing says what to run, so the image has to be stored"
        + " already; fprocess: says it, lang: program takes what is built, and lang: swift builds it")
  }

  private func isForeign(_ language: String) -> Bool {
    let isKnown = StackKeys.languages.contains(language) || language.lowercased() == "dockerfile"
    return !isKnown && !templateNames.contains(language)
  }
}
