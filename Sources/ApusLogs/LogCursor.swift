/// A place in a ring from which to read on. It holds no file and no memory, and finds its way when segments go.
package struct LogCursor: Sendable, Equatable {
  /// The segment, by its name.
  var segment: UInt64 = 0
  var offset = 0
  /// Of the line at `offset`.
  package internal(set) var sequence: UInt64 = 0

  /// Before the oldest line.
  package init() {}

  init(segment: UInt64, offset: Int, sequence: UInt64) {
    self.segment = segment
    self.offset = offset
    self.sequence = sequence
  }
}

/// Which of the lines behind a cursor are wanted.
package struct LogFilter: Sendable, Equatable {
  /// Nil: of every replica.
  package var instance: String?
  /// Wall time from which on.
  package var sinceNanoseconds = Int64.min
  /// Sequences from which on, and before which.
  package var from: UInt64 = 0
  package var before = UInt64.max

  package init() {}

  /// What the log says about itself is for everybody.
  func wants(_ record: RecordView, _ sequence: UInt64) -> Bool {
    guard sequence >= from, sequence < before, record.nanoseconds >= sinceNanoseconds else { return false }
    guard let instance, !record.isNotice else { return true }
    return record.instance.elementsEqual(instance.utf8)
  }
}

/// What one step of reading found.
package struct LogBatch: Sendable, Equatable {
  package var records: [LogRecord] = []
  /// Lines that were gone before the cursor came to them.
  package var skipped: UInt64 = 0
}
