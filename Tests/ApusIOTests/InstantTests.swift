import ApusIO
import Testing

@Suite struct `An instant` {
  @Test(arguments: [
    (Instant(nanoseconds: 5), Duration.nanoseconds(3), Instant(nanoseconds: 8)),
    (Instant(nanoseconds: 5), .nanoseconds(-9), Instant(nanoseconds: 0)),
    (Instant(nanoseconds: .max - 1), .seconds(1), .never),
    (.never, .seconds(1), .never),
    (Instant(nanoseconds: 1), .seconds(Int64.max), Instant(nanoseconds: UInt64(Int64.max) + 1)),
  ])
  func `stays within time when a duration is added`(start: Instant, added: Duration, sum: Instant) {
    #expect(start + added == sum)
  }
}
