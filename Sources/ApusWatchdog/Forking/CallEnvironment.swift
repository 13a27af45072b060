package import ApusHTTP
import ApusModel

/// The variables of a program that runs for one call: ours, and what the call says.
package enum CallEnvironment {
  package static func variables(_ head: RequestHead, over own: [String: String]) -> [String: String] {
    var variables = own
    var seen: Set<String> = []
    head.fields.forEach { _, name, value in
      // The contract has no variable for the host.
      let name = variable(name)
      guard name != "Http_Host", seen.insert(name).inserted else { return }
      variables[name] = String(decoding: value, as: UTF8.self)
    }
    if head.framing == .chunked { variables["Http_Transfer_Encoding"] = "chunked" }
    // After the fields: a caller must not be able to say another path than the one that was asked for.
    variables["Http_Method"] = head.method.name
    variables["Http_Query"] = head.query.flatMap { $0.isEmpty ? nil : $0 }
    variables["Http_Path"] = path(head.path)
    return variables
  }

  /// Decoded, unless that would be no text: a NUL ends a variable.
  private static func path(_ raw: String) -> String {
    guard let decoded = PercentCoding.decode(raw[...]), !decoded.utf8.contains(0) else { return raw }
    return decoded
  }

  /// `Http_X_My_Header` of `x-my-header`.
  private static func variable(_ name: UnsafeRawBufferPointer) -> String {
    var text = Array("Http_".utf8)
    var isFirst = true
    for byte in name {
      switch byte {
      case UInt8(ascii: "-"):
        text.append(UInt8(ascii: "_"))
        isFirst = true
        continue
      case UInt8(ascii: "a")...UInt8(ascii: "z") where isFirst: text.append(byte - 32)
      case UInt8(ascii: "A")...UInt8(ascii: "Z") where !isFirst: text.append(byte + 32)
      default: text.append(byte)
      }
      isFirst = false
    }
    return String(decoding: text, as: UTF8.self)
  }
}
