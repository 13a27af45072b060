import ApusJSON
import Glibc
import Testing

@Suite struct `A limit on JSON` {
  final class Tree: Codable {
    var next: [Tree]
    init(_ next: [Tree]) { self.next = next }
  }

  private func nested(_ levels: Int, _ opening: String = "[", _ closing: String = "]") -> [UInt8] {
    Array((String(repeating: opening, count: levels) + String(repeating: closing, count: levels)).utf8)
  }

  @Test func `holds for depth`() throws {
    _ = try JSON.parse(nested(64))
    #expect(throws: JSONError.self) { try JSON.parse(nested(65)) }
    _ = try JSON.parse(nested(3), limits: .init(depth: 3))
    #expect(throws: JSONError.self) { try JSON.parse(nested(4), limits: .init(depth: 3)) }
    #expect(throws: JSONError.self) { try JSON.parse(nested(1), limits: .init(depth: 0)) }
    _ = try JSON.parse(Array("1".utf8), limits: .init(depth: -1))
  }

  @Test func `is an error and no overflow for a million levels`() {
    #expect(throws: JSONError.self) { try JSON.parse(nested(1_000_000), limits: .init(depth: .max)) }
    #expect(throws: JSONError.self) { try JSON.parse(Array(repeating: 0x5B, count: 1_000_000)) }
    #expect(throws: JSONError.self) { try JSON.parse(nested(500_000, #"{"a":"#, "}"), limits: .init(depth: .max)) }
  }

  @Test func `holds for bytes`() throws {
    #expect(throws: JSONError(.tooLong(bytes: 3, limit: 2))) {
      try JSON.parse(Array("123".utf8), limits: .init(bytes: 2))
    }
    _ = try JSON.parse(Array("12".utf8), limits: .init(bytes: 2))
  }

  @Test func `stops a cycle of objects`() {
    let tree = Tree([])
    tree.next = [tree]
    defer { tree.next = [] }
    #expect(throws: JSONError.self) { try JSONCodec.encode(tree) }
  }

  @Test(arguments: [(64, 512 << 10), (512, 4 << 20)])
  func `lets a recursive type pass on a small stack`(_ depth: Int, _ stack: Int) throws {
    // Each tree is an object in an array: two levels.
    let text = nested(depth / 2 - 1, #"{"next":["#, "]}")
    try SmallStack.run(bytes: stack) {
      let limits = JSONCodec.Limits(depth: depth)
      let tree = try JSONCodec.decode(Tree.self, from: text, limits: limits)
      guard try JSONCodec.encode(tree, depth: depth) == text else { throw SmallStack.Failure() }
      let document = try JSON.parse(text, limits: limits)
      guard try document.serialise() == text, document == document else { throw SmallStack.Failure() }
    }
  }
}
