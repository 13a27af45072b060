/// Why a stack was refused: all that is wrong with it.
package struct StackError: Error, Hashable, Sendable {
  /// Errors and warnings, in the order of the file.
  package let diagnoses: [Diagnosis]
}

extension StackError: CustomStringConvertible {
  package var description: String { diagnoses.map(\.description).joined(separator: "\n") }
}
