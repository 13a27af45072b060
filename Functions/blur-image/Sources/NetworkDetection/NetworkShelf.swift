package import ObjectDetection
internal import Synchronization

/// The runtime and the networks that an operator has put where this program looks. Nothing of it is read before
/// somebody asks, and what was changed since is read again.
package final class NetworkShelf: Sendable {
  package static let runtimeDefault = "/models/libonnxruntime.so"
  package static let folderDefault = "/models"

  fileprivate struct Entry {
    let file: NetworkScan.File
    var sha256: String?
    /// What was wrong counts until the file changes: to find it out anew could cost each call seconds.
    var network: Result<Network, DetectionError>
    /// From when on it is tried again although nothing has changed: what was slow may have had a busy machine.
    var end: ContinuousClock.Instant?
  }

  /// What was found out, and about what.
  private struct State {
    var scan: NetworkScan?
    /// Never let go of, or loaded twice: native code can't be taken back.
    var runtime: Result<NetworkRuntime, DetectionError> = .failure(.unavailable("There is no ONNX Runtime."))
    var entries: Result<[Entry], DetectionError> = .success([])
    /// Somebody is finding out, which may take long, so nobody waits for it with a thread.
    var isReading = false

    func isCurrent(_ scan: NetworkScan) -> Bool {
      guard self.scan == scan else { return false }
      guard case .success(let entries) = entries else { return true }
      return !entries.contains { $0.end.map { $0 <= .now } ?? false }
    }
  }

  private let runtimePath: String
  private let folder: String
  private let memory: Int
  private let pin: String?
  private let state = Mutex(State())

  package init(
    runtime: String = runtimeDefault, folder: String = folderDefault, memory: Int = NetworkLimits.memoryDefault,
    pin: String? = nil
  ) {
    runtimePath = runtime
    self.folder = folder
    self.memory = memory
    self.pin = pin
  }

  /// All networks that look for these kinds; an error if one of the kinds has none. Reads, loads and tries what is new.
  package func networks(for kinds: Set<ObjectKind>) throws(DetectionError) -> [Network] {
    let state = try current()
    _ = try state.runtime.get()
    let all = try state.entries.get().map { entry throws(DetectionError) in try entry.network.get() }
    let useful = all.filter { !$0.kinds.isDisjoint(with: kinds) }
    for kind in ObjectKind.allCases where kinds.contains(kind) && !useful.contains(where: { $0.kinds.contains(kind) }) {
      throw .unavailable(
        "No network in \(folder) looks for \(kind.rawValue)s: put one there, or leave \(kind.rawValue)s out of objects."
      )
    }
    return useful
  }

  /// What is there, with the hashes of what could be used, and what is wrong with it.
  package func listing() throws(DetectionError) -> NetworkListing {
    let state = try current()
    var listing = NetworkListing(runtime: NetworkListing.Runtime(path: runtimePath))
    switch state.runtime {
    case .success(let runtime):
      listing.runtime.sha256 = runtime.sha256
      listing.runtime.version = runtime.version
    case .failure(let error): listing.runtime.problem = error.reason
    }
    switch state.entries {
    case .success(let entries): listing.models = entries.map { NetworkListing.Model($0) }
    case .failure(let error): listing.problem = error.reason
    }
    return listing
  }

  /// What is known about what lies there now. One call finds out what is new; who comes meanwhile is told so.
  private func current() throws(DetectionError) -> State {
    let (before, scan) = try state.withLock { state throws(DetectionError) -> (State, NetworkScan?) in
      let scan = NetworkScan(runtime: runtimePath, folder: folder)
      if state.isCurrent(scan) { return (state, nil) }
      guard !state.isReading else { throw .busy }
      state.isReading = true
      return (state, scan)
    }
    guard let scan else { return before }
    let after = refreshed(before, scan)
    state.withLock { $0 = after }
    return after
  }

  private func refreshed(_ before: State, _ scan: NetworkScan) -> State {
    let runtime = loaded(before, scan)
    // Those of a time without runtime were not tried.
    let known = if case .success = before.runtime { (try? before.entries.get()) ?? [] } else { [Entry]() }
    let entries = scan.files.map { files in
      files.map { file in
        known.first { $0.file == file && $0.end.map { $0 > .now } ?? true } ?? entry(file, runtime)
      }
    }
    return State(scan: scan, runtime: runtime, entries: entries)
  }

  private func loaded(_ before: State, _ scan: NetworkScan) -> Result<NetworkRuntime, DetectionError> {
    if case .success = before.runtime { return before.runtime }
    if before.scan?.runtime == scan.runtime { return before.runtime }
    return Result { () throws(DetectionError) in
      guard try scan.runtime.get() != nil else {
        throw .unavailable(
          "There is no ONNX Runtime at \(runtimePath): put libonnxruntime.so there (the Python package onnxruntime has "
            + "it), or name it in onnx_runtime.")
      }
      return try NetworkRuntime.load(runtimePath, pin: pin, memory: memory)
    }
  }

  private func entry(_ file: NetworkScan.File, _ runtime: Result<NetworkRuntime, DetectionError>) -> Entry {
    var entry = Entry(file: file, network: .failure(.unavailable("There is no ONNX Runtime.")))
    do throws(DetectionError) {
      guard try file.mark.get() != nil else { throw .unavailable("it is not there any more") }
      let hasDescription = try file.descriptionMark.get() != nil
      // Without one nothing of it can be used, so nothing is read, which anybody's call could repeat.
      guard case .success(let runtime) = runtime else { return entry }
      let bytes = try NetworkFile.read(file.path, limit: NetworkLimits.fileBytes)
      // Of the very bytes that are used.
      entry.sha256 = NetworkFile.sha256(bytes)
      let told =
        hasDescription
        ? try NetworkDescription(try NetworkFile.read(file.descriptionPath, limit: NetworkLimits.descriptionBytes))
        : NetworkDescription()
      entry.network = .success(try Network(file.name, bytes, told, runtime))
    } catch .tooSlow {
      entry.network = .failure(DetectionError.unavailable("it does not answer in time").of(file.name))
      entry.end = .now + NetworkLimits.pause
    } catch {
      entry.network = .failure(error.of(file.name))
    }
    return entry
  }
}

extension NetworkListing.Model {
  fileprivate init(_ entry: NetworkShelf.Entry) {
    self.init(name: entry.file.name, bytes: (try? entry.file.mark.get())?.size, sha256: entry.sha256)
    switch entry.network {
    case .success(let network):
      layout = network.decoder.layout.rawValue
      finds = network.kinds.map { "\($0.rawValue)s" }.sorted()
      width = network.decoder.width
      height = network.decoder.height
      threshold = Double((network.sight.threshold * 1_000).rounded()) / 1_000
    case .failure(let error): problem = error.reason
    }
  }
}
