import ApusYAML

/// How much a stack may hold; it may come from a repository that nobody here has read.
package struct StackLimits: Sendable {
  /// Of stack.yml and of each file that it names; a stack of 1,000 functions has about 300 KB.
  package var fileBytes = 1 << 20
  /// Text after substitution, which one long variable used often could make huge.
  package var substitutedBytes = 1 << 20
  /// Expressions inside each other, `${A:-${B:-c}}`; each level is one of the C stack.
  package var substitutionDepth = 8
  /// What one gateway is measured with.
  package var functions = 1_000
  /// Errors, and as many warnings: who has more begins with the first ones.
  package var diagnoses = 100

  package init() {}

  var yaml: YAMLLimits {
    var limits = YAMLLimits()
    limits.inputBytes = max(fileBytes, substitutedBytes)
    return limits
  }
}
