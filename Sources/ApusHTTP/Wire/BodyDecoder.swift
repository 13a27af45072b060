/// Finds the content in the bytes that follow a head.
///
/// It copies nothing: a step says which bytes of the input are content.
package struct BodyDecoder: Sendable {
  package enum Step: Equatable, Sendable {
    /// Content: these bytes of the input.
    case data(Range<Int>)
    case needsMore, finished
  }

  enum State: Sendable {
    case finished, length, untilClose
    case chunkSize, chunkExtension, chunkSizeEnd, chunkData, chunkEnd, chunkEndLineFeed, trailers
  }

  var state: State
  /// Bytes left of a body of known length, or of the current chunk.
  var remaining: UInt64 = 0
  /// Content that may still come before it is too much.
  var allowance: UInt64
  var lineBytes = 0
  var sizeDigits = 0
  var extensionBytes = 0
  var lines = FieldLines()
  let lineLimit: Int
  let extensionLimit: Int
  let trailerLimits: HeadLimits

  /// The trailers of a chunked body, once it is finished; those that could change how it is read are left out.
  package var trailers = Fields()

  package init(_ framing: Framing, limits: Limits) {
    allowance = limits.bodyBytes ?? .max
    lineLimit = limits.chunkLineBytes
    extensionLimit = limits.chunkExtensionBytes
    trailerLimits = HeadLimits(trailersOf: limits)
    switch framing {
    case .none, .length(0): state = .finished
    case .length(let length):
      state = .length
      remaining = length
    case .chunked: state = .chunkSize
    case .untilClose: state = .untilClose
    }
  }

  package var isFinished: Bool { state == .finished }

  /// Bytes left of a body of known length, for a splice; nil for other framings.
  package var remainingLength: UInt64? {
    switch state {
    case .length: remaining
    case .finished: 0
    default: nil
    }
  }

  /// Looks at `input` from `consumed` on and moves `consumed` forward, behind the data of a `.data` step.
  ///
  /// Call it until it says `needsMore` or `finished`. What is consumed need not be kept; what isn't must be given
  /// again, with more behind it.
  package mutating func next(
    _ input: UnsafeRawBufferPointer, consumed: inout Int
  ) throws(WireError) -> Step {
    switch state {
    case .finished: return .finished
    case .length:
      guard remaining <= allowance else { throw WireError(.bodyTooLarge) }
      let step = takeData(input, &consumed)
      if remaining == 0 { state = .finished }
      return step
    case .untilClose:
      guard consumed < input.count else { return .needsMore }
      let range = consumed..<input.count
      guard UInt64(range.count) <= allowance else { throw WireError(.bodyTooLarge) }
      allowance -= UInt64(range.count)
      consumed = input.count
      return .data(range)
    default: return try nextChunked(input, &consumed)
    }
  }

  /// The peer closed. That ends a body without a length; any other it cuts off.
  package mutating func endOfInput() throws(WireError) {
    if state == .untilClose { state = .finished }
    guard state == .finished else { throw WireError(.truncated) }
  }

  /// Bytes of a body of known length that went past us by splice.
  package mutating func skip(_ count: UInt64) {
    guard state == .length else { return }
    remaining -= min(count, remaining)
    if remaining == 0 { state = .finished }
  }

  mutating func takeData(_ input: UnsafeRawBufferPointer, _ consumed: inout Int) -> Step {
    guard consumed < input.count else { return .needsMore }
    let start = consumed
    let count = Int(min(UInt64(input.count - start), remaining))
    remaining -= UInt64(count)
    consumed = start + count
    return .data(start..<consumed)
  }
}
