import ApusHTTP
import ApusIO
import ApusTelemetry
import Glibc

/// Answers with the files of a folder. It belongs to its loop.
final class SiteMode: ServingMode {
  private let path: String
  private let log: Log
  /// The open folder, -1 before the start.
  private var root: CInt = -1

  /// Files beside the one that is asked for, with the same content in a shorter form; the shortest first.
  private static let codings = [("br", ".br"), ("gzip", ".gz")]

  init(_ path: String, log: Log) {
    self.path = path
    self.log = log
  }

  deinit {
    if root >= 0 { close(root) }
  }

  func start() async throws(StartFailure) {
    root = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard root >= 0 else {
      let advice = "static_path must name the folder of the files to serve"
      throw StartFailure("\(SystemError(errno, "open", path, advice: advice))")
    }
  }

  func isHealthy() async -> Bool { root >= 0 }

  func stop() async {}

  func kill() {}

  func answer(_ exchange: Exchange, _ call: WatchdogCall) async {
    do {
      try await serve(exchange, call)
    } catch {
      log.info("the answer was cut", ["error": .string("\(error)")])
    }
  }

  private func serve(_ exchange: Exchange, _ call: WatchdogCall) async throws {
    let head = call.head(exchange)
    guard head.method == .get || head.method == .head else {
      var (answer, body) = call.failure(405, "a static site answers GET and HEAD")
      try answer.fields.append(.allow, "GET, HEAD")
      return try await exchange.respond(answer, body)
    }
    guard let path = SitePath(head.path), let found = SiteFile(path.text, below: root) else {
      return await exchange.refuse(call.failure(404, "there is no such file"))
    }
    guard found.isFolder else {
      // `file.txt/` would make the links in it lead elsewhere.
      if path.isFolder { return await exchange.refuse(call.failure(404, "there is no such file")) }
      return try await send(path.text, found, exchange, call)
    }
    guard let index = SiteFile(path.index, below: root), !index.isFolder else {
      return await exchange.refuse(call.failure(404, "there is no such file"))
    }
    // Links in the page count from the folder.
    if !path.isFolder { return try await redirect(head, exchange, call) }
    try await send(path.index, index, exchange, call)
  }

  private func redirect(_ head: RequestHead, _ exchange: Exchange, _ call: WatchdogCall) async throws {
    // Relative, so that no host and no second slash in front can lead away from here (RFC 9110 section 10.2.2).
    let last = head.path.split(separator: "/").last.map(String.init) ?? ""
    var answer = ResponseHead(status: 301)
    try answer.fields.append(.location, "./\(last)/\(head.query.map { "?\($0)" } ?? "")")
    call.stamp(&answer.fields)
    try await exchange.respond(answer)
  }

  // MARK: - A file

  private func send(
    _ path: String, _ file: borrowing SiteFile, _ exchange: Exchange, _ call: WatchdogCall
  ) async throws {
    var answer = ResponseHead()
    try answer.fields.append(.contentType, MediaType.of(path))
    let accepted = AcceptedCodings(exchange.head.fields.values("Accept-Encoding"))
    var hasVariants = false
    for coding in Self.codings {
      let variant = SiteFile(path + coding.1, below: root)
      if let variant, !variant.isFolder { hasVariants = true }
    }
    guard hasVariants else { return try await send(file, answer, exchange, call) }
    try answer.fields.append(.vary, "Accept-Encoding")
    for name in accepted.best(of: Self.codings.map(\.0)) {
      guard let suffix = Self.codings.first(where: { $0.0 == name })?.1,
        let variant = SiteFile(path + suffix, below: root), !variant.isFolder
      else { continue }
      try answer.fields.append(.contentEncoding, name)
      return try await send(variant, answer, exchange, call)
    }
    try await send(file, answer, exchange, call)
  }

  private func send(
    _ file: borrowing SiteFile, _ started: ResponseHead, _ exchange: Exchange, _ call: WatchdogCall
  ) async throws {
    var answer = started
    let tag = file.tag
    try answer.fields.append(.etag, tag)
    try answer.fields.append(.lastModified, HTTPDate.format(file.modified))
    try answer.fields.append("Accept-Ranges", "bytes")
    call.stamp(&answer.fields)
    let conditions = FileConditions(exchange.head.fields)
    if conditions.isUnchanged(tag: tag, modified: file.modified) {
      answer.status = 304
      return try await exchange.respond(answer)
    }
    var part = 0..<file.size
    // RFC 9110 section 14.2: a range is for GET alone.
    let asked = exchange.head.method == .get
    switch asked ? conditions.part(tag: tag, modified: file.modified, size: file.size) : .whole {
    case .whole: break
    case .part(let range):
      part = range
      answer.status = 206
      try answer.fields.append(.contentRange, "bytes \(range.lowerBound)-\(range.upperBound - 1)/\(file.size)")
    case .unsatisfiable:
      var (refusal, body) = call.failure(416, "the range lies beyond the end of the file")
      try refusal.fields.append(.contentRange, "bytes */\(file.size)")
      return try await exchange.respond(refusal, body)
    }
    try exchange.start(answer, length: UInt64(part.count))
    if exchange.head.method == .head { return try await exchange.finish() }
    try await copy(file, part, to: exchange)
    try await exchange.finish()
  }

  private func copy(_ file: borrowing SiteFile, _ part: Range<Int>, to exchange: Exchange) async throws {
    let memory = UnsafeMutableRawBufferPointer.allocate(
      byteCount: max(1, min(part.count, WatchdogLimits.readBytes)), alignment: 1)
    defer { memory.deallocate() }
    var at = part.lowerBound
    var reads = 0
    while at < part.upperBound {
      let piece = UnsafeMutableRawBufferPointer(rebasing: memory[..<min(memory.count, part.upperBound - at)])
      let count = try file.read(into: piece, at: at)
      // It has become shorter: the answer is cut, since its length was promised.
      guard count > 0 else { throw SystemError(ENODATA, "send a file that became shorter meanwhile") }
      try await exchange.write(UnsafeRawBufferPointer(rebasing: memory[..<count]))
      at += count
      reads += 1
      if reads % 16 == 0 { await Task.yield() }
    }
  }
}
