package import ApusModel

/// Which function a path calls, and what the function is asked for.
package struct InvokeTarget: Equatable, Sendable {
  package let name: FunctionName
  /// The rest of the path and the query, byte for byte as they came; at least `/`.
  package let rest: String

  package enum Failure: Error, Equatable, Sendable {
    /// The path calls no function.
    case otherPath
    case name(NameError)
  }

  package static let prefix: StaticString = "/function/"

  /// Reads `/function/NAME[.NAMESPACE][/rest][?query]`.
  package init(_ target: UnsafeRawBufferPointer, default namespace: String) throws(Failure) {
    let prefix = UnsafeRawBufferPointer(start: Self.prefix.utf8Start, count: Self.prefix.utf8CodeUnitCount)
    guard target.starts(with: prefix) else { throw .otherPath }
    var end = prefix.count
    while end < target.count, target[end] != UInt8(ascii: "/"), target[end] != UInt8(ascii: "?") { end += 1 }
    guard end > prefix.count else { throw .otherPath }
    let text = String(decoding: target[prefix.count..<end], as: UTF8.self)
    do throws(NameError) {
      name = try FunctionName(text, default: namespace)
    } catch {
      throw .name(error)
    }
    if end == target.count {
      rest = "/"
    } else {
      let tail = String(decoding: target[end...], as: UTF8.self)
      rest = target[end] == UInt8(ascii: "/") ? tail : "/" + tail
    }
  }
}
