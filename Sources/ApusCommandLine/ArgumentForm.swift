/// What a declared option or positional argument looks like from outside, whatever the type of its value.
package struct ArgumentForm: Sendable {
  package enum Kind: Sendable, Equatable {
    /// Takes no value; a negatable one also answers to `--no-NAME`.
    case flag(isNegatable: Bool)
    case option
    case positional
  }

  package let kind: Kind
  /// `port` for `--port`; `FUNCTION` for a positional argument.
  package let name: String
  package var short: Character?
  package let help: String
  /// What stands for the value in help: `PATH`, `N`.
  package var placeholder = ""
  /// What a value must be, as the end of the sentence "it expects …".
  package var expectation = ""
  package var choices: [String] = []
  package var completion = CompletionSource.nothing
  package var isRequired = false
  package var isRepeated = false
  package var isHidden = false
  /// The value when none is given, as one would type it.
  package var defaultText: String?
  /// The environment variable that stands in for an option that is not given.
  package var environment: String?

  init(_ kind: Kind, name: String, help: String) {
    self.kind = kind
    self.name = name
    self.help = help
  }

  /// The name as people type it: `--port`, or `FUNCTION`.
  package var spelling: String { kind == .positional ? name : "--" + name }

  package var takesValue: Bool { kind == .option }

  /// All spellings on the command line of something that is not positional.
  var spellings: [String] {
    var all = ["--" + name]
    if kind == .flag(isNegatable: true) { all.append("--no-" + name) }
    if let short { all.append("-\(short)") }
    return all
  }
}

/// Where a shell finds candidates for a value, beside the choices.
package enum CompletionSource: Sendable {
  case nothing
  case files
  case directories
}
