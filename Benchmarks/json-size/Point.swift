struct Point: Codable {
  let name: String
  let x: Int
  let y: Double

  static let text = Array(#"{"name":"here","x":1,"y":2.5}"#.utf8)
}
