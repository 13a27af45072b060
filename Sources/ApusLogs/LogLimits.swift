/// What the logs of one function may cost, in memory and on disk.
package struct LogLimits: Sendable {
  /// One segment file. Two of them hold 4 to 8 MiB, some 40,000 to 80,000 lines of 100 bytes: an evening of a busy
  /// function. A thousand functions that all log fill 8 GiB at most, which the smallest rented disk has.
  package var segmentBytes = 4 << 20

  /// Segments kept. With two, half of the history goes at once, and no byte is ever copied.
  package var segmentCount = 2

  /// Text of one line; the rest is dropped and counted in the line itself. of-watchdog gives up on longer ones too
  /// (`log_buffer_size`), so a line that passes there passes here.
  package var lineBytes = 64 << 10

  /// Lines that wait for the disk, per function. A flush takes a few milliseconds at worst, in which a function that
  /// does nothing but print makes about 1 MiB; what comes beyond that is dropped and counted.
  package var pendingBytes = 1 << 20

  /// Waiting bytes that end the pause before a flush: below this a write costs mostly its system calls.
  package var flushBytes = 64 << 10

  /// How long the first waiting line waits for company. Shorter than what a reader of `logs -f` notices, long enough
  /// that a function that prints all the time costs twenty writes a second.
  package var flushPause: Duration = .milliseconds(50)

  /// What a reader takes from disk at once, and so holds in memory.
  package var readBytes = 64 << 10

  /// How far back a query looks that says neither `tail` nor `since`; five minutes, as the OpenFaaS providers do.
  package var lookBack: Duration = .seconds(300)

  /// Last lines of a replica's standard error kept in memory to explain its death: a Swift or Go backtrace's head.
  package var crashLines = 20

  /// The same in bytes. It goes into an answer's body, and is held for each replica that ever wrote an error.
  package var crashBytes = 4 << 10

  package init() {}

  /// The longest record that can come about; one always fits a segment.
  var recordBytes: Int { LogLimits.overheadBytes + textBytes }
  var textBytes: Int { max(1, min(lineBytes, segmentBytes - Segment.markBytes - LogLimits.overheadBytes)) }
  private static let overheadBytes = RecordView.headBytes + 2 * RecordView.nameBytesMax
}
