internal import CYAML

/// libyaml's parser, owned: whichever way reading ends, its memory is given back.
struct YAMLEventReader: ~Copyable {
  /// On the heap, because the parser keeps its own address.
  private let parser: UnsafeMutablePointer<yaml_parser_t>
  private let input: UnsafeBufferPointer<UInt8>

  /// Reads from `input`, which must stay where it is while the reader lives.
  init(_ input: UnsafeBufferPointer<UInt8>) throws(YAMLError) {
    self.input = input
    parser = .allocate(capacity: 1)
    guard yaml_parser_initialize(parser) == 1 else {
      parser.deallocate()
      throw YAMLError(
        .outOfMemory, YAMLPlace(line: 1, column: 1), "there is not enough memory to read the text",
        advice: "free memory, or raise the limit of this process")
    }
    // Not guessed from the first bytes: UTF-16 is valid YAML, but offsets into it would be wrong.
    yaml_parser_set_encoding(parser, YAML_UTF8_ENCODING)
    yaml_parser_set_input_string(parser, input.baseAddress, input.count)
  }

  deinit {
    yaml_parser_delete(parser)
    parser.deallocate()
  }

  mutating func next() throws(YAMLError) -> YAMLEvent {
    var event = yaml_event_t()
    guard yaml_parser_parse(parser, &event) == 1 else {
      // A failed call leaves nothing in `event` to delete.
      throw YAMLError(stoppedBy: parser.pointee, input: input)
    }
    defer { yaml_event_delete(&event) }
    return YAMLEvent(event)
  }
}
