import ApusModel

/// Why an expression `${…}` has no value.
enum SubstitutionError: Error, Equatable {
  case unclosed
  case missingName
  /// What stands behind the name.
  case unknownForm(String)
  case missingPart(String)
  case notANumber(String)
  case tooDeep(limit: Int)
  case tooLong(limit: Int)
}

extension SubstitutionError: CustomStringConvertible {
  var description: String {
    switch self {
    case .unclosed:
      "${ is never closed; write ${NAME}, or $${ if no variable is meant"
    case .missingName:
      "${ is not followed by a name; write ${NAME}, or $${ if no variable is meant"
    case .unknownForm(let rest):
      "\(QuotedText(rest)) cannot follow the name of a variable; write ${NAME}, ${NAME:-default}, "
        + "or $${ if no variable is meant"
    case .missingPart(let what):
      "\(what) is missing; write ${NAME/text/replacement}"
    case .notANumber(let text):
      "\(QuotedText(text)) is not a place in a text; write ${NAME:START} or ${NAME:START:LENGTH} with whole numbers"
    case .tooDeep(let limit):
      "there are more than \(limit) expressions inside each other; set a variable to what is meant"
    case .tooLong(let limit):
      "the text has more than \(limit) bytes after substitution; use shorter variables, or fewer"
    }
  }
}
