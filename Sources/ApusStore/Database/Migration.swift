/// One step of a schema: what turns a file of the version before into one of this version.
///
/// Once released it never changes: files exist that were made with it.
package struct Migration: Sendable {
  /// Counts from 1 without a gap.
  package let number: Int64
  package let name: String
  package let script: String

  package init(_ number: Int64, _ name: String, _ script: String) {
    self.number = number
    self.name = name
    self.script = script
  }
}
