/// How much one text may hold; none of it is infinite, because a text may come from anyone who can deploy.
package struct YAMLLimits: Sendable {
  /// A stack.yml of 1,000 functions has about 300 KB.
  package var inputBytes = 1 << 20
  /// stack.yml nests 5 deep; libyaml's own limit of 1,000 is for the C stack, not for ours.
  package var depth = 64
  /// Counted as if every alias were written out, which is what stops aliases of aliases of aliases.
  package var nodes = 100_000
  /// Text of scalars and tags, written out likewise: one long scalar with many aliases grows without many nodes.
  package var textBytes = 8 << 20
  /// A `%TAG` line may stretch every tag behind it, so a tag is not bounded by its own length in the text.
  package var tagBytes = 256

  package init() {}
}
