/// A table that never grows beyond its capacity: what was not touched for longest makes room.
struct RecencyTable<Key: Hashable & Sendable, Value: Sendable>: Sendable {
  private struct Entry {
    var key: Key
    var value: Value
    var newer: Int
    var older: Int
  }

  /// No entry.
  private static var nowhere: Int { -1 }

  let capacity: Int
  private var places: [Key: Int] = [:]
  private var entries: [Entry] = []
  /// Places in `entries` that hold nothing any more.
  private var free: [Int] = []
  private var newest = RecencyTable.nowhere
  private var oldest = RecencyTable.nowhere

  init(capacity: Int) {
    self.capacity = max(1, capacity)
  }

  var count: Int { places.count }

  /// Looking does not count as use.
  func peek(_ key: Key) -> Value? {
    places[key].map { entries[$0].value }
  }

  mutating func set(_ key: Key, _ value: Value) {
    if let place = places[key] {
      entries[place].value = value
      unlink(place)
      linkAsNewest(place)
      return
    }
    if places.count >= capacity { remove(entries[oldest].key) }
    let entry = Entry(key: key, value: value, newer: RecencyTable.nowhere, older: RecencyTable.nowhere)
    let place: Int
    if let reused = free.popLast() {
      entries[reused] = entry
      place = reused
    } else {
      entries.append(entry)
      place = entries.count - 1
    }
    places[key] = place
    linkAsNewest(place)
  }

  mutating func remove(_ key: Key) {
    guard let place = places.removeValue(forKey: key) else { return }
    unlink(place)
    free.append(place)
  }

  private mutating func unlink(_ place: Int) {
    let (newer, older) = (entries[place].newer, entries[place].older)
    if newer == RecencyTable.nowhere { newest = older } else { entries[newer].older = older }
    if older == RecencyTable.nowhere { oldest = newer } else { entries[older].newer = newer }
  }

  private mutating func linkAsNewest(_ place: Int) {
    entries[place].newer = RecencyTable.nowhere
    entries[place].older = newest
    if newest == RecencyTable.nowhere { oldest = place } else { entries[newest].newer = place }
    newest = place
  }
}
