/// A value of the JSON form. None is refused here: which option it is for decides what it may be.
enum JSONOption: Decodable {
  case text(String)
  /// A number or a flag, as text.
  case plain(String)
  case list([String])
  case map([String: Double])
  /// Said in words.
  case other(String)

  init(from decoder: any Decoder) throws {
    let value = try decoder.singleValueContainer()
    self =
      if value.decodeNil() {
        .other("null")
      } else if let text = try? value.decode(String.self) {
        .text(text)
      } else if let flag = try? value.decode(Bool.self) {
        .plain(flag ? "true" : "false")
      } else if let number = try? value.decode(Int.self) {
        .plain("\(number)")
      } else if let number = try? value.decode(Double.self) {
        .plain("\(number)")
      } else if let list = try? value.decode([String].self) {
        .list(list)
      } else if let map = try? value.decode([String: Double].self) {
        .map(map)
      } else {
        .other("a list or an object")
      }
  }

  /// The text that a query would have for it.
  func text(for option: String) -> String {
    switch self {
    case .text(let text), .plain(let text), .other(let text): text
    case .list(let names): option == "objects" ? names.joined(separator: ",") : "a list"
    case .map(let values):
      option == "threshold"
        ? values.sorted { $0.key < $1.key }.map { "\($0.key):\($0.value)" }.joined(separator: ",") : "an object"
    }
  }

  /// Bytes in base64, which are nothing but a text.
  var image: [UInt8]? { if case .text(let text) = self { Base64.decode(text) } else { nil } }
}
