/// What is looked for.
package enum ObjectKind: String, Sendable, CaseIterable {
  case face
  case plate
}
