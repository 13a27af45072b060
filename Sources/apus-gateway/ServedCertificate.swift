import ApusIO
import ApusTLS
import ApusTelemetry
import Glibc

/// The certificate that the gateway serves with, taken up anew when its files change.
final class ServedCertificate: Sendable {
  let context: TLSServerContext
  private let files: CertificateFiles
  private let log: Log
  /// The files as they were before they were read first: whatever changed since is seen as a change.
  private let first: [Mark]

  /// Two calls of stat(2) each time, and soon enough: certificates are renewed weeks before their end.
  private static let pause: Duration = .seconds(5)

  init(_ files: CertificateFiles, _ log: Log) throws(TLSError) {
    self.files = files
    self.log = log
    first = Self.marks(files)
    context = try TLSServerContext([files])
    for warning in context.warnings { warn(warning) }
  }

  /// Looks after the files until it is cancelled.
  func watch(on loop: Loop) async {
    var known = first
    do {
      while true {
        try await loop.sleep(until: .now() + Self.pause)
        let marks = Self.marks(files)
        guard marks != known else { continue }
        known = marks
        await renew()
      }
    } catch {
      // Cancelled: the gateway ends.
    }
  }

  /// Connections keep what they have; handshakes from now on get the new one, if it is in order.
  func renew() async {
    do {
      for warning in try await offload({ [context] in try context.reload() }) { warn(warning) }
      log.info("certificate read again")
    } catch {
      log.error("the certificate can't be used; the one before serves on", ["error": .string("\(error)")])
    }
  }

  private func warn(_ warning: TLSWarning) {
    if case .exposedKey = warning {
      log.warning("the private key is not private", ["key": .string("\(warning)")])
    } else {
      log.warning("clients will complain", ["certificate": .string("\(warning)")])
    }
  }

  private static func marks(_ files: CertificateFiles) -> [Mark] { [Mark(files.chain), Mark(files.key)] }

  /// What tells one state of a file from another (inode(7)).
  private struct Mark: Equatable {
    var device: UInt64 = 0
    var file: UInt64 = 0
    var size: Int64 = 0
    var seconds: Int64 = 0
    var nanoseconds: Int64 = 0

    init(_ path: String) {
      var status = stat()
      // Links are followed: a mounted secret is replaced by another target of one.
      guard stat(path, &status) == 0 else { return }
      device = UInt64(status.st_dev)
      file = UInt64(status.st_ino)
      size = Int64(status.st_size)
      seconds = Int64(status.st_mtim.tv_sec)
      nanoseconds = Int64(status.st_mtim.tv_nsec)
    }
  }
}
