/// A type with most of what Codable can ask for.
struct Shop: Codable, Equatable {
  enum Payment: Codable, Equatable {
    case cash
    case card(number: String, year: Int)
    case voucher(Double)
  }

  enum Size: String, Codable { case small, large }

  struct Order: Codable, Equatable {
    var price: Double
    var quantity: UInt16
    var size: Size?
  }

  var id: Int
  var name: String
  var open: Bool?
  var orders: [Order] = []
  var byCode: [Int: String] = [:]
  var stock: [String: [Int8]] = [:]
  var payments: [Payment] = []
  var ratio: Float = 0
  var bytes: [UInt8] = []
  var maybe: [String?] = []
  var pairs: [Size: Int] = [:]
}

extension Shop {
  static let sample = Shop(
    id: -7, name: "Zoë \"Z\"\n\u{1}😀/", open: nil,
    orders: [Order(price: 1.25, quantity: 65535, size: .large), Order(price: -0.1, quantity: 0, size: nil)],
    byCode: [1: "one", -2: "minus two"], stock: ["a b": [-128, 127], "": []],
    payments: [.cash, .card(number: "4111", year: 2030), .voucher(2.5)], ratio: 0.1, bytes: [0, 255],
    maybe: ["x", nil], pairs: [.small: 1])
}
