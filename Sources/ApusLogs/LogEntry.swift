import ApusJSON
package import ApusModel

/// One line as `/system/logs` sends it.
package struct LogEntry: Encodable, Sendable {
  let name: String
  let namespace: String
  let instance: String
  let timestamp: String
  let text: String
  /// Only where the query asks for detail.
  let stream: String?
  let callID: String?

  enum CodingKeys: String, CodingKey {
    case name, namespace, instance, timestamp, text, stream
    case callID = "call_id"
  }

  package init(_ record: LogRecord, of function: FunctionName, detail: Bool = false) {
    name = function.name
    namespace = function.namespace
    instance = record.instance
    var time: [UInt8] = []
    time.reserveCapacity(32)
    record.time.appendTrimmed(to: &time)
    timestamp = String(decoding: time, as: UTF8.self)
    text = record.readableText
    stream = detail ? record.stream.name : nil
    callID = detail ? record.callID : nil
  }

  /// Appends the object and a newline: NDJSON.
  package func append(to bytes: inout [UInt8]) {
    // Strings always encode: JSON has a form for every scalar, and nothing here nests.
    guard let object = try? JSONCodec.encode(self) else { return }
    bytes.append(contentsOf: object)
    bytes.append(UInt8(ascii: "\n"))
  }
}
