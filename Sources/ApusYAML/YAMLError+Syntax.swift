internal import CYAML

extension YAMLError {
  /// Says in our words what made libyaml stop, with its words for what it was doing.
  init(stoppedBy parser: borrowing yaml_parser_t, input: UnsafeBufferPointer<UInt8>) {
    let problem = parser.problem.map { String(cString: $0) } ?? "the text cannot be read"
    switch parser.error {
    case YAML_MEMORY_ERROR:
      self.init(
        .outOfMemory, YAMLPlace(parser.mark), "there is not enough memory to read on",
        advice: "free memory, or split the file")
    case YAML_READER_ERROR:
      // The reader has no mark: it looks ahead of the place where the scanner is.
      let place = YAMLPlace(offset: parser.problem_offset, in: input)
      let value = parser.problem_value >= 0 ? " (0x\(String(parser.problem_value, radix: 16)))" : ""
      self.init(.encoding, place, problem + value, advice: "save the file as UTF-8 text, without control characters")
    default:
      var what = problem
      var place = YAMLPlace(parser.problem_mark)
      if let context = parser.context.map({ String(cString: $0) }) {
        what += " " + context
        let begin = YAMLPlace(parser.context_mark)
        if Self.isLate(problem) {
          place = begin
        } else if begin.line != place.line {
          what += " that begins on line \(begin.line)"
        }
      }
      self.init(.syntax, place, what, advice: Self.advice(for: problem))
    }
  }

  /// Whether the problem shows lines after the mistake, whose place is then where the construct begins.
  private static func isLate(_ problem: String) -> Bool {
    problem == "could not find expected ':'" || problem == "found unexpected end of stream"
  }

  private static func advice(for problem: String) -> String {
    switch problem {
    case "found character that cannot start any token":
      "indent with spaces, not tabs, and quote a value that begins with @, ` or %"
    case "mapping values are not allowed in this context":
      "check the indentation, and quote a value that holds \": \""
    case "could not find expected ':'":
      "write \"key: value\", with a space after the colon, and quote what is not a key"
    case "did not find expected key":
      "begin all keys of a mapping in the same column, and quote a whole value, not a part of it"
    case "did not find expected '-' indicator":
      "begin all items of a list in the same column, each with \"- \""
    case "did not find expected ',' or ']'":
      "put a comma between the items, and close the list with ]"
    case "did not find expected ',' or '}'":
      "put a comma between the entries, and close the mapping with }"
    case "found unexpected end of stream":
      "close the quotes"
    case "found unexpected document indicator":
      "close the quotes before --- or ..."
    case "found unknown escape character":
      "write \\\\ for a backslash, or use single quotes"
    case "block sequence entries are not allowed in this context":
      "begin the list on a line of its own, below its key"
    case "did not find expected <document start>":
      "put --- between documents, and indent what belongs to the value above"
    case "found incompatible YAML document":
      "write %YAML 1.2, or leave the line out"
    case "found undefined tag handle":
      "declare it with %TAG, or quote a value that begins with !"
    case "did not find expected alphabetic or numeric character":
      "give the anchor or alias a name of letters, digits, - and _, or quote a value that begins with & or *"
    case _ where problem.hasPrefix("found a tab character"):
      "indent with spaces, not tabs"
    default:
      "check the indentation and the quotes here"
    }
  }
}
