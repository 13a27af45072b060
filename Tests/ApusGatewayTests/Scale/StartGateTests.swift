import ApusGateway
import Testing

@Suite struct `A start gate` {
  @Test func `lets so many through, then the first replicas before further ones`() {
    var gate = StartGate<String>(limit: 2)
    #expect(gate.request("a1", isFirst: true) == true)
    #expect(gate.request("a2", isFirst: false) == true)
    #expect(gate.request("a3", isFirst: false) == false)
    #expect(gate.request("b1", isFirst: true) == false)
    #expect(gate.request("c1", isFirst: true) == false)
    #expect(gate.finished("a1") == "b1")
    #expect(gate.finished("a1") == nil)
    #expect(gate.finished("b1") == "c1")
    #expect(gate.finished("a2") == "a3")
    #expect(gate.running == 2)
    #expect(gate.finished("a3") == nil)
    #expect(gate.finished("c1") == nil)
    #expect(gate.running == 0)
  }

  @Test func `forgets who is withdrawn before it began`() {
    var gate = StartGate<String>(limit: 1)
    #expect(gate.request("a", isFirst: true) == true)
    #expect(gate.request("b", isFirst: true) == false)
    #expect(gate.request("c", isFirst: false) == false)
    #expect(gate.withdraw("b") == true)
    #expect(gate.withdraw("a") == false)
    #expect(gate.finished("a") == "c")
    #expect(gate.waiting == 0)
  }

  @Test func `lets one that somebody waits for before those that nobody waits for`() {
    var gate = StartGate<String>(limit: 1)
    #expect(gate.request("a", isFirst: true) == true)
    for other in ["b", "c", "d"] { #expect(gate.request(other, isFirst: false) == false) }
    #expect(gate.request("e", isFirst: true) == false)
    gate.hasten("d")
    gate.hasten("nobody")
    #expect(gate.finished("a") == "e")
    #expect(gate.finished("e") == "d")
    #expect(gate.finished("d") == "b")
    #expect(gate.waiting == 1)
  }

  @Test func `lets at least one through`() {
    var gate = StartGate<Int>(limit: 0)
    #expect(gate.request(1, isFirst: false) == true)
  }
}
