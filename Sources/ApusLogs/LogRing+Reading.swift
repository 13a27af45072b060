import ApusIO

extension LogRing {
  /// Takes the next block from disk; nil where there is no more for now. Blocks: call it off the loop.
  ///
  /// A cursor that stands in a segment that is gone goes on with the oldest one, and the batch says how many lines
  /// that skipped. A fresh cursor begins with the oldest line and skips nothing.
  package func next(_ cursor: inout LogCursor, _ filter: LogFilter = LogFilter()) -> LogBatch? {
    var batch = LogBatch()
    // A segment may go between the look at the list and the reading; twice the list is then surely enough.
    for _ in 0..<(2 * max(limits.segmentCount, 1) + 2) {
      let (segments, blockBytes) = snapshot()
      guard let index = place(&cursor, in: segments, filter, &batch) else { return batch.skipped > 0 ? batch : nil }
      let segment = segments[index]
      let isLast = index == segments.count - 1
      guard cursor.sequence < filter.before else { return batch.skipped > 0 ? batch : nil }
      if cursor.offset >= max(segment.bytes, isLast ? 0 : Segment.markBytes) {
        if isLast { return batch.skipped > 0 ? batch : nil }
        move(&cursor, to: segments[index + 1], filter, &batch)
        continue
      }
      var sequence = cursor.sequence
      let block: SegmentBlock
      do {
        block = try SegmentBlock(
          path: path(of: segment), from: cursor.offset, limit: segment.bytes, bytes: blockBytes
        ) { record in
          if filter.wants(record, sequence) { batch.records.append(LogRecord(record, sequence: sequence)) }
          sequence += 1
        }
      } catch {
        // Gone since: the next look finds it missing. Out of descriptors: an end for now, the reader comes again.
        continue
      }
      cursor.sequence = sequence
      cursor.offset = block.end
      if block.isDamaged {
        // Behind damage nothing can be told apart; the next segment, or the next line, begins anew.
        cursor.offset = segment.bytes
        if isLast { advance(&cursor, to: segment.end, filter, &batch) }
      }
      return batch
    }
    return batch.skipped > 0 ? batch : nil
  }

  /// Where a reader of `query` begins, and what it wants. Lines that wait for the disk are written first, so that who
  /// asks after a crash sees its last words. Blocks.
  package func beginning(of query: LogQuery, nowNanoseconds: Int64) -> (LogCursor, LogFilter) {
    flush()
    var filter = LogFilter()
    filter.instance = query.instance
    if let since = query.since {
      filter.sinceNanoseconds = since.wallNanoseconds
    } else if query.tail == nil {
      let (start, overflow) = nowNanoseconds.subtractingReportingOverflow(limits.lookBack.nanosecondsClamped)
      filter.sinceNanoseconds = overflow ? .min : start
    }
    let (segments, _) = snapshot()
    let end = segments.last?.end ?? 1
    if let tail = query.tail {
      let isPlain = filter.instance == nil && query.since == nil
      filter.from = isPlain ? end - min(end, UInt64(tail)) : tailStart(tail, filter, before: end)
    }
    if !query.follow { filter.before = end }
    var cursor = LogCursor()
    if let segment = segments.last(where: { $0.first <= filter.from }) {
      cursor = LogCursor(segment: segment.first, offset: 0, sequence: segment.first)
    }
    return (cursor, filter)
  }

  /// The sequence of the last line but `tail - 1` among those wanted. Holds eight bytes a line of the ring at most.
  private func tailStart(_ tail: Int, _ filter: LogFilter, before end: UInt64) -> UInt64 {
    var filter = filter
    filter.before = end
    var cursor = LogCursor()
    var last: [UInt64] = []
    var oldest = 0
    while let batch = next(&cursor, filter) {
      for record in batch.records {
        if last.count < tail {
          last.append(record.sequence)
        } else {
          last[oldest] = record.sequence
          oldest = (oldest + 1) % tail
        }
      }
    }
    return last.isEmpty ? end : last[oldest]
  }

  // MARK: - Finding the place

  /// The index of the cursor's segment, after moving the cursor to one that exists.
  private func place(
    _ cursor: inout LogCursor, in segments: [Segment], _ filter: LogFilter, _ batch: inout LogBatch
  ) -> Int? {
    guard let oldest = segments.first else { return nil }
    if let index = segments.firstIndex(where: { $0.first == cursor.segment }) { return index }
    // Zero is no sequence: a fresh cursor. One that is ahead belongs to a ring that was removed and begun again.
    let following = segments.firstIndex { $0.first >= cursor.sequence && cursor.sequence > 0 }
    let index = following ?? 0
    if following == nil || cursor.sequence == 0 {
      cursor = LogCursor(segment: oldest.first, offset: 0, sequence: oldest.first)
    } else {
      move(&cursor, to: segments[index], filter, &batch)
    }
    return index
  }

  private func move(
    _ cursor: inout LogCursor, to segment: Segment, _ filter: LogFilter, _ batch: inout LogBatch
  ) {
    advance(&cursor, to: segment.first, filter, &batch)
    cursor = LogCursor(segment: segment.first, offset: 0, sequence: segment.first)
  }

  /// Lines before `filter.from` are not missed by anybody.
  private func advance(
    _ cursor: inout LogCursor, to sequence: UInt64, _ filter: LogFilter, _ batch: inout LogBatch
  ) {
    let wanted = max(cursor.sequence, filter.from)
    if sequence > wanted { batch.skipped += sequence - wanted }
    cursor.sequence = sequence
  }
}
