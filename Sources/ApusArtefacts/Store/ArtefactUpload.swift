internal import ApusIO
internal import Synchronization

/// An archive on its way into the store. Let go of it before its end, and nothing of it is left.
///
/// Pieces are to come one after the other. All calls block on the disk: they belong into `offload`.
package final class ArtefactUpload: Sendable {
  package let name: ArtefactName
  /// Nil once it has ended.
  private let unpacking: Mutex<Unpacking?>

  init(_ name: ArtefactName, into folder: consuming IncomingFolder, limits: ArtefactLimits) {
    self.name = name
    unpacking = Mutex(Unpacking(into: folder, limits: limits))
  }

  /// Takes the next piece of the archive, of any size. An error ends the upload.
  package func write(_ bytes: UnsafeRawBufferPointer) throws(ArtefactError) {
    try unpacking.withLock { state throws(ArtefactError) in
      // While it works, the state has nothing; if it fails, nothing is put back, and the folder goes with it.
      guard var current = state.take() else { throw .ended }
      try current.take(bytes)
      state = consume current
    }
  }

  /// Says that the archive is whole: from the return on, new starts are of it, also after a power cut.
  package func finish() throws(ArtefactError) -> StoredArtefact {
    try unpacking.withLock { state throws(ArtefactError) in
      guard let current = state.take() else { throw .ended }
      return try current.finish(as: name)
    }
  }
}

/// What an upload has become.
package struct StoredArtefact: Equatable, Sendable {
  package let name: ArtefactName
  /// Of the archive as it came.
  package let sha256: SHA256Digest
  /// Of the archive as it came.
  package let byteCount: Int
}
