internal import ImageCodecs
package import NetworkDetection

/// What a deployment's environment says. docs/ENVIRONMENT.md has the table.
package struct BlurSettings: Sendable {
  package var limits = BlurLimits()
  package var shelf = NetworkShelf()

  package init() {}

  /// Refuses what makes no sense, whereas what is empty counts as not set: a typing error must neither loosen a limit
  /// nor have another runtime loaded.
  package init(_ variable: (String) -> String?) throws(SettingError) {
    func read<Value>(
      _ name: String, _ usual: Value, _ expected: String, _ parse: (String) -> Value?
    ) throws(SettingError) -> Value {
      guard let text = variable(name), !text.isEmpty else { return usual }
      guard let value = parse(text) else {
        throw SettingError(name: name, value: String(text.prefix(100)), expected: expected)
      }
      return value
    }
    let number = { (text: String) in Int(text).flatMap { $0 > 0 ? $0 : nil } }
    let path = { (text: String) in text.hasPrefix("/") ? text : nil }
    let whole = "a whole number above 0, without a unit"
    let absolute = "an absolute path, like /models"
    let digits = "64 hexadecimal digits"
    limits.bytes = try read("max_bytes", BlurLimits.bytesDefault, whole, number)
    limits.image = ImageLimits(pixels: try read("max_pixels", ImageLimits.pixelsDefault, whole, number))
    shelf = NetworkShelf(
      runtime: try read("onnx_runtime", NetworkShelf.runtimeDefault, absolute, path),
      folder: try read("onnx_models", NetworkShelf.folderDefault, absolute, path),
      memory: try read("onnx_memory", NetworkLimits.memoryDefault, whole, number),
      pin: try read("onnx_runtime_sha256", nil, digits) { text -> String?? in
        text.utf8.count == 64 && text.allSatisfy(\.isHexDigit) ? .some(text.lowercased()) : nil
      })
  }
}
