/// One element of the measured document: what an order service might answer.
struct Order: Codable {
  struct Item: Codable {
    let sku: String
    let quantity: Int
  }

  let id: Int
  let customer: String
  let email: String
  let total: Double
  let paid: Bool
  let note: String?
  let tags: [String]
  let items: [Item]

  static func samples(_ count: Int) -> [Order] {
    (0..<count).map { Order(sample: $0) }
  }

  private init(sample index: Int) {
    id = 1_000_000 + index
    customer = "Müller & Søn \(index)"
    email = "customer\(index)@shop.example"
    total = Double(index * 1999 + 995) / 100
    paid = index % 3 != 0
    note = index % 4 == 0 ? "Leave it at the door,\nring \"twice\"." : nil
    tags = ["new", "priority-\(index % 5)"]
    items = (0...index % 3).map { Item(sku: "SKU-\(index)-\($0)", quantity: $0 + 1) }
  }
}
