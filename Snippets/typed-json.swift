import Apus

struct Order: Decodable {
  var item: String
  var count: Int
}

struct Receipt: Encodable {
  var text: String
}

serve { (order: Order) in
  guard order.count > 0 else {
    throw Problem(.unprocessable, "Nothing was ordered", detail: "Send a count of 1 or more.")
  }
  return Receipt(text: "\(order.count) × \(order.item)")
}
