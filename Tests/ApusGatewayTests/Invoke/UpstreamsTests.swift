import ApusGateway
import ApusHTTP
import ApusIO
import Testing

@Suite struct `The upstreams of a loop` {
  @Test func `are let go when the replicas are gone`() throws {
    let loop = try Loop()
    let count = try loop.runUntilDone {
      let upstreams = Upstreams(on: loop, limits: Limits())
      for number in 0..<1000 { _ = upstreams[.unix("/nowhere/\(number)")] }
      return upstreams.count
    }
    #expect((1...64).contains(count))
  }
}
