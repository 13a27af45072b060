import ApusJSON
import FoundationEssentials
import Glibc

/// Decodes and encodes one API answer with ApusJSON and with FoundationEssentials, in alternating rounds.
@main
struct BenchJSON {
  private static let rounds = 9
  private static let repeats = 1000

  static func main() throws {
    let orders = Order.samples(38)
    let text = try JSONCodec.encode(orders)
    let data = Data(text)
    let document = try JSON.parse(text)
    print("document: \(text.count) bytes, \(orders.count) objects of 8 members")
    try compare("decode", { try JSONCodec.decode([Order].self, from: text).count }) {
      try JSONDecoder().decode([Order].self, from: data).count
    }
    try compare("encode", { try JSONCodec.encode(orders).count }) {
      try JSONEncoder().encode(orders).count
    }
    try compare("encode, sorted keys", { try JSONCodec.encode(orders, format: .init(sortedKeys: true)).count }) {
      let encoder = JSONEncoder()
      encoder.outputFormatting = .sortedKeys
      return try encoder.encode(orders).count
    }
    print("JSON.parse      \(try microseconds { try JSON.parse(text).isNull ? 1 : 0 }) µs")
    print("JSON.serialise  \(try microseconds { try document.serialise().count }) µs")
  }

  private static func compare(_ name: String, _ apus: () throws -> Int, _ essentials: () throws -> Int) throws {
    var ours: [Double] = []
    var theirs: [Double] = []
    for _ in 0..<rounds {
      ours.append(try once(apus))
      theirs.append(try once(essentials))
    }
    let (left, right) = (ours.sorted()[rounds / 2], theirs.sorted()[rounds / 2])
    print("\(name): ApusJSON \(shown(left)) µs, FoundationEssentials \(shown(right)) µs, ratio \(shown(right / left))")
  }

  private static func microseconds(_ body: () throws -> Int) throws -> String {
    shown(try (0..<rounds).map { _ in try once(body) }.sorted()[rounds / 2])
  }

  /// Microseconds a call, over many.
  private static func once(_ body: () throws -> Int) throws -> Double {
    var sum = 0
    let elapsed = try ContinuousClock().measure {
      for _ in 0..<repeats { sum &+= try body() }
    }
    precondition(sum >= 0)
    return elapsed / .microseconds(repeats)
  }

  private static func shown(_ value: Double) -> String { "\((value * 10).rounded() / 10)" }
}
