/// A function's bytes on their way to standard output: as they are in a pipe, as text on a terminal.
struct ForeignOutput {
  /// Nil in a pipe.
  private var text = Terminal.isOutputTerminal ? VisibleText() : nil
  /// What they are, for the message that they can't be shown.
  private let subject: String

  init(_ subject: String) {
    self.subject = subject
  }

  mutating func give(_ bytes: UnsafeRawBufferPointer) throws {
    guard text != nil else { return try Terminal.give(bytes) }
    try give { text throws(VisibleText.NoText) in try text.take(bytes) }
  }

  mutating func finish() throws {
    try give { text throws(VisibleText.NoText) in try text.finish() }
  }

  private mutating func give(_ next: (inout VisibleText) throws(VisibleText.NoText) -> String) throws {
    guard var text else { return }
    let shown: String
    do throws(VisibleText.NoText) {
      shown = try next(&text)
    } catch {
      throw CommandError(
        "\(subject) is no text, and would upset the terminal: send it to a file (> FILE) or through a pipe")
    }
    self.text = text
    try Terminal.give(shown.utf8)
  }
}
