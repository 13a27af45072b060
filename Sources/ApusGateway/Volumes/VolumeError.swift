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
