package import ApusHTTP
package import ApusIO
import COpenSSL
import Synchronization

/// A server's side of TLS: its certificates, and how accepted streams become secure ones.
package final class TLSServerContext: Sendable {
  private let files: [CertificateFiles]
  private let current: Mutex<CertificateSet>

  /// Reads the certificates. The first one serves clients that name no host, or none of these.
  package init(_ files: [CertificateFiles]) throws(TLSError) {
    self.files = files
    current = Mutex(try CertificateSet(files))
  }

  /// What is wrong with the certificates in use, though they work.
  package var warnings: [TLSWarning] {
    current.withLock { $0 }.warnings
  }

  /// Reads the files again, for handshakes from now on; connections keep what they have. If one of the files is not in
  /// order, all stays as it was. From any thread; it reads files, so not from a loop's.
  @discardableResult
  package func reload() throws(TLSError) -> [TLSWarning] {
    let fresh = try CertificateSet(files)
    current.withLock { $0 = fresh }
    return fresh.warnings
  }

  /// What `Server` calls for each stream it accepts. `onFailure` hears of handshakes that failed, for a log or a count.
  package func wrap(
    limits: Limits = Limits(), onFailure: (@Sendable (TLSError) -> Void)? = nil
  ) -> Server.Wrap {
    { [self] stream in
      do throws(TLSError) {
        return try await accept(stream, limits: limits)
      } catch {
        if error.kind == .plainHTTP { await TLSServerContext.answerPlainHTTP(on: stream) }
        onFailure?(error)
        throw error
      }
    }
  }

  /// Does a server's handshake over `stream`, which stays the caller's to close if it fails.
  package func accept(_ stream: Stream, limits: Limits = Limits()) async throws(TLSError) -> TLSStream {
    let set = current.withLock { $0 }
    let name = stream.peer?.description ?? "the client"
    guard let session = SSL_new(set.first.raw) else {
      throw TLSError(.other, name, reason: OpenSSLQueue.drain().text)
    }
    SSL_set_accept_state(session)
    let secure = try TLSStream(set, session, over: stream, name: name, linger: limits.lingerTime)
    try await secure.handshake(before: stream.loop.now + limits.handshakeTime)
    return secure
  }

  /// Whoever typed http:// reads this in its browser; an alert it could not read.
  private static func answerPlainHTTP(on stream: Stream) async {
    let text = "This port speaks HTTPS only: use https:// in the address.\n"
    let answer = """
      HTTP/1.1 400 Bad Request\r\nContent-Type: text/plain; charset=utf-8\r\n\
      Content-Length: \(text.utf8.count)\r\nConnection: close\r\n\r\n\(text)
      """
    var buffer = Buffer()
    buffer.append(answer)
    // A fresh connection takes this much at once; if not, nobody is there to read it.
    _ = try? stream.tryWrite(buffer.readable)
    await stream.endWriting()
  }
}
