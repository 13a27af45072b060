import ApusIO
import Glibc

/// What Kubernetes lays into every container.
enum KubernetesFiles {
  /// The namespace of the service account; nil outside of Kubernetes.
  static var namespace: String? {
    let raw = open("/var/run/secrets/kubernetes.io/serviceaccount/namespace", O_RDONLY | O_CLOEXEC)
    guard raw >= 0 else { return nil }
    let file = Descriptor(owning: raw)
    var bytes = [UInt8](repeating: 0, count: 256)
    let count = read(file.raw, &bytes, bytes.count)
    let text = String(decoding: bytes[..<max(0, count)].prefix { $0 > 0x20 }, as: UTF8.self)
    return text.isEmpty ? nil : text
  }
}
