/// Why a command did not do its work: what happened and what to do.
struct CommandError: Error, CustomStringConvertible {
  let description: String
  /// Whatever else the command has to do would fail in the same way.
  let concernsAll: Bool

  /// The text may hold what a function or a stranger said.
  init(_ description: String, concernsAll: Bool = false) {
    self.concernsAll = concernsAll
    self.description = VisibleText.of(description)
  }
}
