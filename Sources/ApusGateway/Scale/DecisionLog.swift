/// The last decisions of one pool, oldest first; equal ones in a row are one entry.
struct DecisionLog: Sendable {
  static let capacity = 50

  private var ring: [Decision] = []
  private var oldest = 0

  mutating func record(_ decision: Decision) {
    let newest = ring.count < Self.capacity ? ring.count - 1 : (oldest + Self.capacity - 1) % Self.capacity
    if newest >= 0, decision.from == decision.to, ring[newest].to == decision.to,
      ring[newest].cause == decision.cause
    {
      // A thousand refusals in a second must not push out the reason for them.
      ring[newest].times += 1
      ring[newest].lastAt = decision.at
    } else if ring.count < Self.capacity {
      ring.append(decision)
    } else {
      ring[oldest] = decision
      oldest = (oldest + 1) % Self.capacity
    }
  }

  var all: [Decision] { Array(ring[oldest...] + ring[..<oldest]) }
}
