/// A shell for which we write completion scripts.
package enum Shell: String, CaseIterable, Sendable {
  case bash, zsh, fish
}
