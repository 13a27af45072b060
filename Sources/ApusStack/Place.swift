/// A place in a file, as editors count.
package struct Place: Hashable, Sendable {
  package let file: String
  /// Counts from 1.
  package let line: Int
  /// Counts characters from 1.
  package let column: Int

  package init(file: String, line: Int, column: Int) {
    self.file = file
    self.line = line
    self.column = column
  }
}
