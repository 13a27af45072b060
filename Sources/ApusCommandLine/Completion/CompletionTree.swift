/// A tree of commands laid flat, as the scripts need it: one node for each path of names.
struct CompletionTree {
  struct Node {
    /// The names from the program on.
    let names: [String]
    let commands: [Command]
    /// Own and inherited options that are not hidden, and `--help`.
    let options: [ArgumentForm]
    let positionals: [ArgumentForm]

    var path: String { names.joined(separator: " ") }
  }

  let program: String
  let nodes: [Node]

  init(_ root: Command) {
    program = root.name
    var nodes: [Node] = []
    Self.add(root, to: &nodes, above: [], inherited: [])
    self.nodes = nodes
  }

  /// The program's name as part of a function's name.
  var identifier: String {
    String(program.map { $0.isASCII && ($0.isLetter || $0.isNumber) ? $0 : "_" })
  }

  private static func add(_ command: Command, to nodes: inout [Node], above: [String], inherited: [ArgumentForm]) {
    var help = ArgumentForm(.flag(isNegatable: false), name: "help", help: "Show this help")
    let passedOn = command.options.map(\.form).filter { !$0.isHidden } + inherited
    if !passedOn.contains(where: { $0.short == "h" }) { help.short = "h" }
    var own = [help]
    if above.isEmpty {
      own.append(ArgumentForm(.flag(isNegatable: false), name: "version", help: "Show the version"))
    }
    var positionals = command.positionals.map(\.form)
    if case .help = command.action, let root = nodes.first {
      for place in positionals.indices { positionals[place].choices = root.commands.map(\.name) }
    }
    let names = above + [command.name]
    nodes.append(
      Node(
        names: names, commands: command.visibleSubcommands, options: passedOn + own, positionals: positionals))
    for next in command.visibleSubcommands { add(next, to: &nodes, above: names, inherited: passedOn) }
  }
}

extension ArgumentForm {
  /// The choices that need no quoting in any of the shells.
  var plainChoices: [String] {
    choices.filter { word in
      !word.isEmpty && word.utf8.allSatisfy { $0.isPlainInShells }
    }
  }
}

extension UInt8 {
  fileprivate var isPlainInShells: Bool {
    switch self {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"): true
    case UInt8(ascii: "0")...UInt8(ascii: "9"): true
    case UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: "/"), UInt8(ascii: "-"), UInt8(ascii: "+"): true
    default: false
    }
  }
}
