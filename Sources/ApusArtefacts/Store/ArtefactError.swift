package import ApusIO
internal import Glibc

/// Why an artefact was not stored, found or removed.
package enum ArtefactError: Error, Equatable, Sendable {
  case notFound(ArtefactName)
  /// What is stored under the name is not what a deploy puts there.
  case damaged(ArtefactName, path: String)
  /// What was uploaded is not an archive that we unpack.
  case archive(TarError)
  case empty
  case handlerNotExecutable
  case tooManyUploads(limit: Int)
  /// The upload has ended before: with an error, or by its finish.
  case ended
  /// Another gateway works in the folder.
  case inUse(path: String)
  case diskFull(SystemError)
  case system(SystemError)

  init(_ error: SystemError) {
    self = error.code == ENOSPC || error.code == EDQUOT ? .diskFull(error) : .system(error)
  }

  /// Whose fault it is, for the status of an answer.
  package enum Fault: Equatable, Sendable {
    case notFound, archive, tooLarge, busy, disk, ours
  }

  package var fault: Fault {
    switch self {
    case .notFound: .notFound
    case .archive(let error): error.isTooLarge ? .tooLarge : .archive
    case .empty, .handlerNotExecutable: .archive
    case .tooManyUploads: .busy
    case .diskFull: .disk
    case .damaged, .ended, .inUse, .system: .ours
    }
  }
}

extension ArtefactError: CustomStringConvertible {
  package var description: String {
    switch self {
    case .notFound(let name): "artefact not found: \(name); upload it with apus deploy"
    case .damaged(let name, let path):
      "artefact damaged: \(name) at \(path) is not what apus deploy stored there; upload it again with apus deploy"
    case .archive(let error): error.description
    case .empty:
      "the archive has no file: there is nothing to run; pack the program as handler, or what envProcess runs"
    case .handlerNotExecutable:
      "the archive's handler is not executable: it could not be started; run chmod +x handler and pack again"
    case .tooManyUploads(let limit):
      "\(limit) uploads are running, no more are taken at once; try again when one has ended"
    case .ended: "the upload has ended: nothing more can be added to it; begin another"
    case .inUse(let path): "\(path) is in use: another gateway works there; stop it, or choose another --data folder"
    case .diskFull(let error):
      "\(error): the disk or the quota is full, and nothing was stored; make room, then upload again"
    case .system(let error): error.description
    }
  }
}
