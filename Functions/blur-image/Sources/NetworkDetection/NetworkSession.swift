internal import COnnxRuntime
internal import ObjectDetection

/// One network, ready to run.
final class NetworkSession: Sendable {
  // Safe because a session may run on several threads at once, and this is set once.
  nonisolated(unsafe) private let native: OpaquePointer
  /// Kept while the session lives.
  private let runtime: NetworkRuntime
  /// What its input says of batch, channels, height and width; -1 for any.
  let input: [Int]

  init(_ runtime: NetworkRuntime, _ bytes: [UInt8]) throws(DetectionError) {
    var native: OpaquePointer?
    var message = apus_onnx_message()
    var dims: [Int64] = [0, 0, 0, 0]
    let outcome = apus_onnx_load(
      runtime.native, bytes, bytes.count, CInt(NetworkLimits.threads), &dims, &native, &message)
    guard outcome == CInt(APUS_ONNX_OK), let native else { throw .unavailable(message.string) }
    self.native = native
    self.runtime = runtime
    input = dims.map { Int($0) }
  }

  deinit {
    apus_onnx_unload(native)
  }

  /// Its outputs for one picture of three planes.
  func run(
    _ picture: [Float], width: Int, height: Int, deadline: ContinuousClock.Instant
  ) throws(DetectionError) -> [NetworkTensor] {
    guard picture.count == 3 * width * height else { throw .unavailable("the picture has another size.") }
    let left = ContinuousClock.now.duration(to: deadline)
    guard left > .zero else { throw .tooSlow }
    let time = left.components.seconds * 1_000_000_000 + left.components.attoseconds / 1_000_000_000
    var outputs = apus_onnx_outputs()
    var message = apus_onnx_message()
    defer { apus_onnx_free(&outputs) }
    let outcome = apus_onnx_run(
      native, picture, [1, 3, Int64(height), Int64(width)], time, NetworkLimits.values, &outputs, &message)
    switch Int(outcome) {
    case Int(APUS_ONNX_OK): return Self.tensors(outputs)
    case Int(APUS_ONNX_TOO_SLOW): throw .tooSlow
    default: throw .unavailable(message.string)
    }
  }

  private static func tensors(_ outputs: apus_onnx_outputs) -> [NetworkTensor] {
    withUnsafeBytes(of: outputs.tensors) { bytes in
      bytes.bindMemory(to: apus_onnx_tensor.self).prefix(outputs.count).map { tensor in
        let shape = withUnsafeBytes(of: tensor.dims) { dims in
          dims.bindMemory(to: Int64.self).prefix(tensor.rank).map { Int($0) }
        }
        return NetworkTensor(
          shape: shape, values: Array(UnsafeBufferPointer(start: tensor.values, count: tensor.count)))
      }
    }
  }
}
