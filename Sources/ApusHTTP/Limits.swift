/// What one connection may cost us. None is infinite by default; `bodyBytes = nil` is a choice to write down.
package struct Limits: Sendable {
  /// A whole head: start line, fields, and the empty line. Browsers stay under 8 KiB even with many cookies; four times
  /// that leaves room for tokens, and 10,000 slow clients can then pin 320 MB at most, not gigabytes.
  package var headBytes = 32 << 10

  /// Field lines of one head. A browser sends about 20, a chain of proxies about 40; each costs us 16 bytes and a pass
  /// whenever somebody looks a name up.
  package var fieldCount = 100

  /// The request target. RFC 9112 section 3 recommends at least 8,000; longer is 414.
  package var targetBytes = 8 << 10

  /// A method's name. The longest registered one (UPDATEREDIRECTREF) has 17 letters; longer is 501.
  package var methodBytes = 24

  /// Options named in `Connection`. Three are usual; a proxy compares every field with each of them.
  package var connectionOptions = 32

  /// The trailer section of one chunked body. Trailers carry checksums and timings, so a quarter of a head will do.
  package var trailerBytes = 8 << 10

  /// A chunk's size line with its extension, which nobody uses and which we read only to ignore.
  package var chunkLineBytes = 256

  /// All chunk extensions of one body: without it, one-byte chunks make us read 250 bytes for each byte of content.
  package var chunkExtensionBytes = 16 << 10

  /// The content of one message. Bodies stream, so this guards disks and budgets behind us rather than our memory:
  /// 1 GiB passes videos and archives and ends a loop that never stops. Nil: as long as it likes.
  package var bodyBytes: UInt64? = 1 << 30

  /// From the first byte of a head to its last. Ten seconds pass over a bad mobile link; a client that sends one byte a
  /// second is then gone after ten.
  package var headTime: Duration = .seconds(10)

  /// Between two reads of a body. Not the whole upload: that depends on its length and the link.
  package var bodyIdle: Duration = .seconds(30)

  /// Between two requests. Longer than the 60 s that common load balancers keep an idle connection for, so that it is
  /// they who close it and no request meets our close half way.
  package var keepAliveIdle: Duration = .seconds(75)

  /// While the peer takes nothing of what we write.
  package var writeIdle: Duration = .seconds(30)

  /// To connect to a peer. On one machine or in one cluster a connection that takes longer will not come about.
  package var connectTime: Duration = .seconds(5)

  /// A TLS handshake: two round trips and one signature.
  package var handshakeTime: Duration = .seconds(10)

  /// Connections open at once. An idle one costs less than a kilobyte; what remains below a usual limit of 20,000
  /// descriptors is for files, replicas and upstream connections.
  package var connections = 16_384

  /// While nothing moves either way after an upgrade. WebSocket peers ping each other more often than this.
  package var tunnelIdle: Duration = .seconds(300)

  /// What we read of a body that nobody wants, to keep the connection; a longer one costs the connection instead.
  package var drainBytes: UInt64 = 256 << 10

  /// How long we still read after our last byte, so that a reset can't destroy it on its way.
  package var lingerTime: Duration = .seconds(2)

  /// Idle connections kept to one upstream by one loop. Less than what is in flight at once means that calls close and
  /// open connections all the time, which costs more than the calls; an idle one costs less than a kilobyte.
  package var idleConnections = 1024

  /// How long such a connection is kept: shorter than `keepAliveIdle`, so that it is we who close it.
  package var upstreamIdle: Duration = .seconds(60)

  package init() {}
}
