/// What is wrong with a command line.
package enum ArgumentProblem: Error, Equatable, Sendable {
  case unknownOption(String, suggestion: String?)
  case unknownCommand(String, suggestion: String?, commands: [String])
  case missingCommand(commands: [String])
  case missingValue(option: String, placeholder: String, expectation: String)
  case missingOption(String, placeholder: String, help: String)
  case missingPositional(String, help: String)
  case unexpectedArgument(String, limit: Int)
  case invalidValue(GivenValue, argument: String, expectation: String, suggestion: String?)
  case custom(String)
}

extension ArgumentProblem: CustomStringConvertible {
  package var description: String {
    switch self {
    case .unknownOption(let given, let suggestion):
      "there is no option \(shown(given))" + question(suggestion)
    case .unknownCommand(let given, let suggestion?, _):
      "there is no command \(shown(given))" + question(suggestion)
    case .unknownCommand(let given, nil, let commands):
      "there is no command \(shown(given)); the commands are " + commands.joined(separator: ", ")
    case .missingCommand(let commands):
      "a command is missing; the commands are " + commands.joined(separator: ", ")
    case .missingValue(let option, let placeholder, let expectation):
      "\(option) is given without a value; it expects \(expectation): \(option) \(placeholder)"
    case .missingOption(let option, let placeholder, let help):
      "\(option) \(placeholder) is missing (\(help))"
    case .missingPositional(let name, let help):
      "\(name) is missing (\(help))"
    case .unexpectedArgument(let given, let limit):
      "\(shown(given)) is one argument too many; "
        + (limit == 0 ? "the command takes none" : "the command takes \(limit)")
    case .invalidValue(let given, let argument, let expectation, let suggestion):
      switch given.source {
      case .commandLine: "\(argument) is given \(shown(given.text)), but expects \(expectation)" + question(suggestion)
      case .environment(let name):
        "the environment variable \(name) holds \(shown(given.text)), but \(argument) expects \(expectation)"
          + question(suggestion)
      case .declaredDefault: "\(argument) has the default \(shown(given.text)), but expects \(expectation)"
      }
    case .custom(let message): message
    }
  }

  private func question(_ suggestion: String?) -> String {
    suggestion.map { "; did you mean \(shown($0))?" } ?? ""
  }

  /// The text in quotes, on one line whatever it holds.
  private func shown(_ text: String) -> String {
    let scalars = text.unicodeScalars.map { scalar in
      scalar.properties.generalCategory == .control ? "\\u{\(String(scalar.value, radix: 16))}" : String(scalar)
    }
    return "\"" + scalars.joined() + "\""
  }
}
