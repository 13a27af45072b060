package import ApusArtefacts
package import ApusIO
package import ApusModel
import Glibc

/// Why something was not read from a volume, put into it, or removed.
package enum VolumeError: Error, Sendable {
  case name(NameError)
  case noVolume(VolumeName)
  case noFile(VolumeName, String)
  case path(String, TarError.Reason)
  /// A link, a device, a pipe: what functions may make, and we do not touch.
  case unsuitable(VolumeName, String)
  case inUse(VolumeName, by: [FunctionName])
  case archive(TarError)
  case tooMany(limit: Int)
  case system(SystemError)

  init(_ error: TreeError) {
    switch error {
    case .archive(let error): self = .archive(error)
    case .system(let error): self = .system(error)
    }
  }
}

extension VolumeError: CustomStringConvertible {
  package var description: String {
    switch self {
    case .name(let error): "\(error)"
    case .noVolume(let volume):
      "there is no volume \(volume): put a file into it, or call a function that names it, and it is made"
    case .noFile(let volume, let path): "there is no \(path) in the volume \(volume)"
    case .path(let path, let reason): "the path \(QuotedText(path)) \(reason)"
    case .unsuitable(let volume, let path):
      "\(QuotedText(path)) in the volume \(volume) is neither a file nor a folder: links and devices are not read"
    case .inUse(let volume, let functions):
      "the volume \(volume) is in use by \(functions.map { "\($0)" }.joined(separator: ", ")): remove them first"
    case .archive(let error): "\(error)"
    case .tooMany(let limit): "the volume has more than \(limit) files and folders: take a folder of it at a time"
    case .system(let error): "\(error)"
    }
  }
}

extension APIError {
  init(_ error: VolumeError) {
    let (status, code): (Int, String) =
      switch error {
      case .name, .path, .archive: (400, "bad-volume")
      case .noVolume, .noFile: (404, "not-found")
      case .unsuitable: (422, "unsuitable")
      case .inUse: (409, "in-use")
      case .tooMany: (422, "too-many")
      case .system(let error) where error.code == ENOSPC || error.code == EDQUOT: (507, "disk-full")
      // A link where a folder should be, a folder where a file should be.
      case .system(let error) where [ELOOP, ENOTDIR, EISDIR, EEXIST].contains(error.code): (409, "in-the-way")
      case .system: (500, "volume")
      }
    self.init(status: status, code, "\(error)")
  }
}
