/// The text being written for a value, and the containers that are open in it.
///
/// Values go straight into the text while their `encode(to:)` runs. Only nested containers and super encoders, which
/// may be filled in any order and until the end, get an output of their own that is put in its place at last.
final class Output {
  struct Frame {
    enum Kind { case undecided, single, array, object }
    var kind = Kind.undecided
    /// Containers around this value.
    let depth: Int
    /// Elements or members so far.
    var count = 0
    /// Where the last key's opening quote is.
    var key = 0
  }

  /// What every member changes.
  struct State: ~Copyable {
    var text: TextBuffer
    /// The value being written; frames are numbered from the outermost, so its number is `outer.count`.
    var top: Frame
    var outer: [Frame] = []
    var keys = KeyMarks()
    var hasFailed: Bool
  }

  /// Behind a pointer of its own, so that no access pays for the run-time check that class properties get.
  private let state: UnsafeMutablePointer<State>
  var branches: [(at: Int, output: Output)] = []
  /// What went wrong where the protocol does not allow to throw.
  private(set) var failure: JSONError?
  let depthLimit: Int
  let prefix: [PathKey]

  init(depthLimit: Int, depth: Int = 0, prefix: [PathKey] = [], failure: JSONError? = nil) {
    self.depthLimit = min(depthLimit, JSONCodec.Limits.depthMaximum)
    self.prefix = prefix
    self.failure = failure
    state = .allocate(capacity: 1)
    state.initialize(
      to: State(
        text: TextBuffer(capacity: prefix.isEmpty ? 1024 : 64), top: Frame(depth: depth), hasFailed: failure != nil))
  }

  deinit {
    state.deinitialize(count: 1)
    state.deallocate()
  }

  @inline(__always)
  var text: TextBuffer {
    _read { yield state.pointee.text }
    _modify { yield &state.pointee.text }
  }

  @inline(__always)
  var now: State {
    _read { yield state.pointee }
    _modify { yield &state.pointee }
  }

  func count(_ frame: Int) -> Int { frame == now.outer.count ? now.top.count : 0 }

  func error(_ reason: JSONError.Reason) -> JSONError {
    JSONError(reason, path: PathKey.render(path(now.outer.count + 1)))
  }

  /// The steps to the value of a frame.
  func path(_ frame: Int) -> [PathKey] {
    prefix
      + (now.outer + [now.top]).prefix(frame).compactMap { frame in
        guard frame.count > 0 else { return nil }
        switch frame.kind {
        case .array: return PathKey(intValue: frame.count - 1)
        case .object: return PathKey(stringValue: writtenKey(frame.key).string)
        case .undecided, .single: return nil
        }
      }
  }

  /// The key whose opening quote is there.
  func writtenKey(_ place: Int) -> StringToken { Self.writtenKey(place, text.bytes) }

  static func writtenKey(_ place: Int, _ bytes: UnsafeBufferPointer<UInt8>) -> StringToken {
    var end = place + 1
    while end < bytes.count, bytes[end] != ASCII.quote {
      end += bytes[end] == ASCII.backslash ? 2 : 1
    }
    return StringToken(UnsafeBufferPointer(rebasing: bytes[place + 1..<min(end, bytes.count)]))
  }

  /// Decides what the value of a frame is; asking again for the same is allowed, as subclasses do.
  func open(_ frame: Int, _ kind: Frame.Kind) {
    guard !now.hasFailed else { return }
    guard frame == now.outer.count else { return fail(Self.outOfTurn) }
    if now.top.kind == kind { return }
    guard now.top.kind == .undecided else { return fail(Self.mixed) }
    guard now.top.depth < depthLimit else { return fail(.tooDeep(limit: depthLimit)) }
    now.top.kind = kind
    text.append(kind == .object ? ASCII.openObject : ASCII.openArray)
  }

  func fail(_ reason: JSONError.Reason) {
    keep(error(reason))
  }

  func keep(_ error: any Error) {
    failure = failure ?? (error as? JSONError)
    now.hasFailed = true
  }

  /// The protocol lets a container outlive its value; the text cannot.
  static let outOfTurn = JSONError.Reason.misuse(
    "a container was used while another value was being written; use it inside its own encode(to:)")
  static let mixed = JSONError.Reason.misuse(
    "one value asked its encoder for two kinds of container; a value is an object, an array or a scalar")
}
