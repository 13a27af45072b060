internal import COnnxRuntime
internal import ObjectDetection
internal import Synchronization

/// ONNX Runtime, loaded into this process for as long as it lives: native code can't be taken back.
final class NetworkRuntime: Sendable {
  private struct Key: Hashable {
    var sha256: String
    var memory: Int
  }

  private static let loaded = Mutex<[Key: NetworkRuntime]>([:])

  // Safe because the library's environment may be used from any thread, and this is set once.
  nonisolated(unsafe) let native: OpaquePointer
  let version: String
  /// Of the very bytes that were loaded.
  let sha256: String

  /// The library in this file. Whatever its code does, it does as this process; the same bytes are loaded once.
  static func load(_ path: String, pin: String?, memory: Int) throws(DetectionError) -> NetworkRuntime {
    let bytes = try NetworkFile.read(path, limit: NetworkLimits.runtimeBytes)
    let sha256 = NetworkFile.sha256(bytes)
    if let pin, pin != sha256 {
      throw .unavailable("The ONNX Runtime \(path) has the SHA-256 \(sha256), and onnx_runtime_sha256 is another.")
    }
    let key = Key(sha256: sha256, memory: memory)
    return try loaded.withLock { loaded throws(DetectionError) in
      if let known = loaded[key] { return known }
      var message = apus_onnx_message()
      var native: OpaquePointer?
      guard apus_onnx_open(bytes, bytes.count, memory, &native, &message) == CInt(APUS_ONNX_OK), let native else {
        throw .unavailable("The ONNX Runtime \(path) can't be used: \(message.string).")
      }
      let runtime = NetworkRuntime(native, sha256)
      loaded[key] = runtime
      return runtime
    }
  }

  private init(_ native: OpaquePointer, _ sha256: String) {
    self.native = native
    self.sha256 = sha256
    version = apus_onnx_version(native).map { String(cString: $0) } ?? "unknown"
  }
}

extension apus_onnx_message {
  var string: String {
    withUnsafeBytes(of: text) { bytes in
      // Texts of others, some of several lines, and with a stop.
      var text = bytes.prefix { $0 != 0 }.map { $0 < 0x20 ? 0x20 : $0 }
      while text.last == 0x20 || text.last == 0x2E { text.removeLast() }
      return String(decoding: text, as: UTF8.self)
    }
  }
}
