import ApusHTTP
import ApusIO

extension CallChild: BodyTaker {
  /// A program that closes its input has read what it wanted.
  func take(_ bytes: UnsafeRawBufferPointer) async throws(HTTPError) {
    var rest = bytes
    do throws(IOError) {
      while let input, !rest.isEmpty {
        if let count = try input.tryWrite(rest) {
          rest = UnsafeRawBufferPointer(rebasing: rest[count...])
        } else {
          try await input.writable()
        }
      }
    } catch {
      throw .io(error)
    }
  }

  func finish() {
    input?.close()
  }

  func refuseMore() {
    input?.close()
  }
}
