/// What a commit has to survive.
package enum Durability: Equatable, Sendable {
  /// A power cut: the commit returns when the disk has it (synchronous=FULL).
  case powerCut
  /// The end of this process, however it comes; a power cut may undo the last such commits, never part of one.
  case processEnd
}
