import ApusIO

/// The parked calls of one function, first come, first served.
struct WaitingLine: Sendable {
  struct Place: Sendable {
    let ticket: CallTicket
    let arrival: Instant
    let deadline: Instant
    /// When it leaves unserved: its deadline, or the end of the line's patience.
    let expiry: Instant
  }

  private var places: [Place] = []
  /// Served ones at the front, kept so that serving one is not moving all.
  private var head = 0
  /// No place expires before; it may be earlier than the first that does.
  private(set) var nextExpiry = Instant.never

  var count: Int { places.count - head }
  var isEmpty: Bool { places.count == head }

  mutating func append(_ place: Place) {
    places.append(place)
    nextExpiry = min(nextExpiry, place.expiry)
  }

  mutating func popFirst() -> Place? {
    guard head < places.count else { return nil }
    let place = places[head]
    head += 1
    if head == places.count {
      removeAll()
    } else if head >= 64, head * 2 >= places.count {
      // Half is waste: each place is moved at most once for each one served.
      places.removeFirst(head)
      head = 0
    }
    return place
  }

  /// False if it does not stand in the line (any more).
  mutating func remove(_ ticket: CallTicket) -> Bool {
    guard let index = places[head...].firstIndex(where: { $0.ticket == ticket }) else { return false }
    places.remove(at: index)
    if isEmpty { removeAll() }
    return true
  }

  /// Those whose time has come, in order of arrival.
  mutating func popExpired(at now: Instant) -> [Place] {
    guard nextExpiry <= now else { return [] }
    let expired = places[head...].filter { $0.expiry <= now }
    let kept = places[head...].filter { $0.expiry > now }
    removeAll()
    places.append(contentsOf: kept)
    nextExpiry = kept.reduce(.never) { min($0, $1.expiry) }
    return expired
  }

  private mutating func removeAll() {
    places.removeAll(keepingCapacity: true)
    head = 0
    nextExpiry = .never
  }
}
