extension Output {
  @inline(__always)
  private func check(_ frame: Int, _ kind: Frame.Kind) throws {
    if now.hasFailed || frame != now.outer.count || now.top.kind != kind {
      throw failure ?? error(frame == now.outer.count ? Self.mixed : Self.outOfTurn)
    }
  }

  /// Writes a member; if its value throws, nothing of it remains.
  @inline(__always)
  func member(_ frame: Int, _ key: String, _ body: () throws -> Void) throws {
    try check(frame, .object)
    let (length, top) = (text.count, now.top)
    begin(key)
    do { try body() } catch { throw rollBack(error, frame, length, top) }
  }

  @inline(__always)
  func element(_ frame: Int, _ body: () throws -> Void) throws {
    try check(frame, .array)
    let (length, top) = (text.count, now.top)
    begin(nil)
    do { try body() } catch { throw rollBack(error, frame, length, top) }
  }

  @inline(__always)
  func single(_ frame: Int, _ body: () throws -> Void) throws {
    try check(frame, .undecided)
    let (length, top) = (text.count, now.top)
    now.top.kind = .single
    do { try body() } catch { throw rollBack(error, frame, length, top) }
  }

  private func rollBack(_ error: any Error, _ frame: Int, _ length: Int, _ top: Frame) -> any Error {
    text.truncate(to: length)
    now.outer.removeLast(now.outer.count - frame)
    now.top = top
    now.keys.forget(from: length)
    // A branch lies behind at least one byte of the container that it belongs to.
    while let last = branches.last, last.at > length { branches.removeLast() }
    return error
  }

  private func begin(_ key: String?) {
    if now.top.count > 0 { text.append(ASCII.comma) }
    now.top.count += 1
    guard let key else { return }
    let place = text.count
    now.top.key = place
    text.string(key)
    // Inside the quotes.
    let written = UnsafeBufferPointer(start: text.base + place + 1, count: text.count - place - 2)
    now.keys.push(KeyMarks.fingerprint(written), place: UInt32(truncatingIfNeeded: place))
    text.append(ASCII.colon)
  }

  /// A member (or, without a key, an element) that may be filled later.
  func branch(_ frame: Int, _ key: String?) -> OutputEncoder {
    do {
      try check(frame, key == nil ? .array : .object)
      begin(key)
    } catch {
      keep(error)
    }
    let output = Output(depthLimit: depthLimit, depth: now.top.depth + 1, prefix: path(frame + 1), failure: failure)
    branches.append((text.count, output))
    return OutputEncoder(output: output, frame: 0)
  }
}
