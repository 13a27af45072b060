/// A value that typed handlers take and give.
struct Order: Codable, Equatable, Sendable {
  var item: String
  var count: Int
}

struct Receipt: Codable, Equatable, Sendable {
  var text: String
}
