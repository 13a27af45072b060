import Glibc
import Testing

@Suite(.serialized) struct `A gateway killed at any instant` {
  private static let kills = getenv("APUS_SOAK") == nil ? 20 : 200

  @Test func `has all that it answered for, and nothing half made`() throws {
    let seed = getenv("APUS_SEED").flatMap { UInt64(String(cString: $0)) } ?? UInt64.random(in: 1...999_999)
    print("kills: APUS_SEED=\(seed)")
    var killed = try KilledGateway(seed: seed)
    for _ in 0..<Self.kills {
      try killed.changeAndKill()
      try killed.startAgain()
      try killed.check()
    }
    try killed.checkFile()
    let (done, undone) = killed.unanswered
    print("kills: \(Self.kills), with \(done + undone) changes under way: \(done) were found done, \(undone) not")
    #expect(done + undone > Self.kills / 2, "the kills missed the changes")
  }
}
