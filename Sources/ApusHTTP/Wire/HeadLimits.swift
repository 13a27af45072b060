/// The numbers of `Limits` that a parser needs, brought into a range in which no sum of them overflows.
struct HeadLimits: Sendable {
  let headBytes: Int
  let fieldCount: Int
  let targetBytes: Int
  let methodBytes: Int
  let connectionOptions: Int
  let bodyBytes: UInt64

  init(_ limits: Limits) {
    headBytes = HeadLimits.clamp(limits.headBytes)
    fieldCount = HeadLimits.clamp(limits.fieldCount)
    targetBytes = HeadLimits.clamp(limits.targetBytes)
    methodBytes = HeadLimits.clamp(limits.methodBytes)
    connectionOptions = HeadLimits.clamp(limits.connectionOptions)
    bodyBytes = limits.bodyBytes ?? .max
  }

  /// A trailer section is read like the fields of a small head.
  init(trailersOf limits: Limits) {
    headBytes = HeadLimits.clamp(limits.trailerBytes)
    fieldCount = HeadLimits.clamp(limits.fieldCount)
    targetBytes = 0
    methodBytes = 0
    connectionOptions = HeadLimits.clamp(limits.connectionOptions)
    bodyBytes = 0
  }

  private static func clamp(_ limit: Int) -> Int { min(max(limit, 0), 1 << 28) }
}
