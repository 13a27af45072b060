/// Why a backup was not restored: what happened and what to do. Nothing was changed.
package struct RestorationError: Error, CustomStringConvertible {
  package let description: String

  init(_ description: String) {
    self.description = description
  }
}
