import ApusGateway
import Synchronization
import Testing

@Suite struct `A lease` {
  final class Holder: LeaseHolder {
    let ends = Mutex<[LeaseOutcome]>([])

    func leaseEnded(_ grant: LeaseGrant, _ outcome: LeaseOutcome) {
      ends.withLock { $0.append(outcome) }
    }
  }

  static let grant = LeaseGrant(replica: ReplicaID(1))

  @Test func `ends once when it is told to`() {
    let holder = Holder()
    let lease = Lease(Self.grant, of: holder)
    lease.end(.answered(status: 200))
    #expect(holder.ends.withLock { $0 } == [.answered(status: 200)])
  }

  @Test func `ends by itself when an error carries the call away`() {
    struct Lost: Error {}
    let holder = Holder()
    func call(fails: Bool) throws {
      let lease = Lease(Self.grant, of: holder)
      if fails { throw Lost() }
      lease.end(.failed)
    }
    #expect(throws: Lost.self) { try call(fails: true) }
    #expect(throws: Never.self) { try call(fails: false) }
    #expect(holder.ends.withLock { $0 } == [.dropped, .failed])
  }
}
