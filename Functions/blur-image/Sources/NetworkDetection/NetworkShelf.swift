package import ObjectDetection
internal import Synchronization

/// The runtime and the networks that an operator has put where this program looks. Nothing of it is read before
/// somebody asks, and what was changed since is read again.
package final class NetworkShelf: Sendable {
  package static let runtimeDefault = "/models/libonnxruntime.so"
  package static let folderDefault = "/models"

  fileprivate struct Entry {
    var mark: NetworkFile.Mark
    var descriptionMark: NetworkFile.Mark?
    var sha256: String?
    /// What was wrong counts until the file changes: to find it out anew could cost each call seconds.
    var network: Result<Network, DetectionError>
    /// From when on it is tried again although nothing has changed: what was slow may have had a busy machine.
    var end: ContinuousClock.Instant?
  }

  private struct State {
    /// Never let go of, or loaded twice: native code can't be taken back.
    var runtime: NetworkRuntime?
    /// What was wrong with the file, until it is another one.
    var refusal: (mark: NetworkFile.Mark, error: DetectionError)?
    var entries: [String: Entry] = [:]
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

  /// From `onnx_runtime`, `onnx_runtime_sha256`, `onnx_models` and `onnx_memory`; what makes no sense counts as not
  /// set, but a hash that is none fits nothing.
  package convenience init(_ variable: (String) -> String?) {
    func path(_ name: String, _ usual: String) -> String {
      variable(name).flatMap { $0.hasPrefix("/") ? $0 : nil } ?? usual
    }
    let memory = variable("onnx_memory").flatMap { Int($0) }.flatMap { $0 > 0 ? $0 : nil }
    self.init(
      runtime: path("onnx_runtime", Self.runtimeDefault), folder: path("onnx_models", Self.folderDefault),
      memory: memory ?? NetworkLimits.memoryDefault,
      pin: variable("onnx_runtime_sha256").flatMap { $0.isEmpty ? nil : $0.lowercased() })
  }

  /// All networks that look for these kinds; an error if one of the kinds has none. Reads, loads and tries what is new.
  package func networks(for kinds: Set<ObjectKind>) throws(DetectionError) -> [Network] {
    let all = try state.withLock { state throws(DetectionError) in
      let runtime = try loaded(&state)
      return try refresh(&state, runtime).map { file throws(DetectionError) in try file.entry.network.get() }
    }
    let useful = all.filter { !$0.kinds.isDisjoint(with: kinds) }
    for kind in ObjectKind.allCases where kinds.contains(kind) && !useful.contains(where: { $0.kinds.contains(kind) }) {
      throw .unavailable(
        "No network in \(folder) looks for \(kind.rawValue)s: put one there, or leave \(kind.rawValue)s out of objects."
      )
    }
    return useful
  }

  /// What is there, with hashes, and what is wrong with it.
  package func listing() -> NetworkListing {
    state.withLock { state in
      var listing = NetworkListing(runtime: NetworkListing.Runtime(path: runtimePath))
      var runtime: NetworkRuntime?
      do throws(DetectionError) {
        let loaded = try loaded(&state)
        listing.runtime.sha256 = loaded.sha256
        listing.runtime.version = loaded.version
        runtime = loaded
      } catch {
        listing.runtime.problem = error.reason
      }
      do throws(DetectionError) {
        listing.models = try refresh(&state, runtime).map { NetworkListing.Model($0.name, $0.entry) }
      } catch {
        listing.problem = error.reason
      }
      return listing
    }
  }

  private func loaded(_ state: inout State) throws(DetectionError) -> NetworkRuntime {
    if let runtime = state.runtime { return runtime }
    guard let mark = NetworkFile.mark(runtimePath) else {
      throw .unavailable(
        "There is no ONNX Runtime at \(runtimePath): put libonnxruntime.so there (the Python package onnxruntime has "
          + "it), or name it in onnx_runtime.")
    }
    if let refusal = state.refusal, refusal.mark == mark { throw refusal.error }
    do throws(DetectionError) {
      let runtime = try NetworkRuntime.load(runtimePath, pin: pin, memory: memory)
      state.runtime = runtime
      return runtime
    } catch {
      state.refusal = (mark, error)
      throw error
    }
  }

  private func refresh(
    _ state: inout State, _ runtime: NetworkRuntime?
  ) throws(DetectionError) -> [(name: String, entry: Entry)] {
    let names = NetworkFile.names(in: folder, ending: ".onnx")
    guard names.count <= NetworkLimits.networks else {
      throw .unavailable("\(folder) has \(names.count) networks, \(NetworkLimits.networks) are allowed.")
    }
    var entries: [String: Entry] = [:]
    for name in names {
      let path = "\(folder)/\(name)"
      let description = "\(path.dropLast(5)).json"
      let mark = NetworkFile.mark(path)
      let descriptionMark = NetworkFile.mark(description)
      if let known = state.entries[name], known.mark == mark, known.descriptionMark == descriptionMark,
        known.end.map({ $0 > .now }) ?? true
      {
        entries[name] = known
      } else if let mark {
        let entry = entry(name, path, mark, descriptionMark.map { (description, $0) }, runtime)
        entries[name] = entry
      }
    }
    state.entries = runtime == nil ? [:] : entries
    return entries.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
  }

  private func entry(
    _ name: String, _ path: String, _ mark: NetworkFile.Mark, _ description: (path: String, mark: NetworkFile.Mark)?,
    _ runtime: NetworkRuntime?
  ) -> Entry {
    var entry = Entry(
      mark: mark, descriptionMark: description?.mark, network: .failure(.unavailable("There is no ONNX Runtime.")))
    do throws(DetectionError) {
      let bytes = try NetworkFile.read(path, limit: NetworkLimits.fileBytes)
      // Of the very bytes that are used.
      entry.sha256 = NetworkFile.sha256(bytes)
      guard let runtime else { return entry }
      let told =
        try description.map { file throws(DetectionError) in
          try NetworkDescription(try NetworkFile.read(file.path, limit: NetworkLimits.descriptionBytes))
        } ?? NetworkDescription()
      entry.network = .success(try Network(name, bytes, told, runtime))
    } catch .tooSlow {
      entry.network = .failure(DetectionError.unavailable("it does not answer in time").of(name))
      entry.end = .now + NetworkLimits.pause
    } catch {
      entry.network = .failure(error.of(name))
    }
    return entry
  }
}

extension NetworkListing.Model {
  fileprivate init(_ name: String, _ entry: NetworkShelf.Entry) {
    self.init(name: name, bytes: entry.mark.size, sha256: entry.sha256)
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
