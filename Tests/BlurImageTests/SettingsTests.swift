import BlurImage
import ImageCodecs
import Testing

@Suite struct `The settings of blur-image` {
  @Test(arguments: [
    ("max_pixels", "4M", "whole number"), ("max_pixels", "0", "whole number"), ("max_bytes", "8MB", "whole number"),
    ("max_bytes", "-1", "whole number"), ("onnx_memory", "1GiB", "whole number"),
    ("onnx_memory", "99999999999999999999", "whole number"), ("onnx_runtime", "libonnxruntime.so", "absolute path"),
    ("onnx_models", "models", "absolute path"), ("onnx_runtime_sha256", "x", "64"),
    ("onnx_runtime_sha256", String(repeating: "g", count: 64), "64"),
  ]) func `refuse what makes no sense`(name: String, value: String, expected: String) {
    do throws(SettingError) {
      _ = try BlurSettings { $0 == name ? value : nil }
      Issue.record("it was taken")
    } catch {
      #expect(error.name == name && error.value == value && error.description.contains(expected), "\(error)")
    }
  }

  @Test func `take what makes sense`() throws {
    let usual = try BlurSettings { _ in "" }
    #expect(usual.limits == BlurLimits())
    let variables = ["max_pixels": "4000000", "max_bytes": "1000"]
    let own = try BlurSettings { variables[$0] }
    #expect(own.limits.bytes == 1_000 && own.limits.image.pixels == 4_000_000)
  }
}
