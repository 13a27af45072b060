import ApusArtefacts
import ApusIO
import ApusModel
import Glibc

/// In the words of who uses a volume: paths are counted from its root, and where it lies on the machine is not said.
extension VolumeError: CustomStringConvertible {
  package var description: String {
    switch self {
    case .name(let error): "\(error)"
    case .noVolume(let volume):
      "there is no volume \(volume): put a file into it, or call a function that names it, and it is made"
    case .noFile(let volume, let path): "there is no \(path) in the volume \(volume)"
    case .path(let path, let reason): Self.text(path, reason)
    case .unsuitable(let volume, let path):
      "\(QuotedText(path)) in the volume \(volume) is neither a file nor a folder: links and devices are not read"
    case .inUse(let volume, let functions):
      "the volume \(volume) is in use by \(functions.map { "\($0)" }.joined(separator: ", ")): remove them first"
    case .archive(let error): Self.text(error)
    case .tooMany(let limit): "the volume has more than \(limit) files and folders: take a folder of it at a time"
    case .system(let error): Self.text(error)
    }
  }

  private static func text(_ path: String, _ reason: TarError.Reason) -> String {
    switch reason {
    case .emptyPath: "there is no path: name the file in the volume, or send the files of a folder as a tar archive"
    case .parentInPath:
      "the path \(QuotedText(path)) has .. in it, which could lead out of the volume: count it from the volume's root"
    default: "the path \(QuotedText(path)) \(reason)"
    }
  }

  private static func text(_ error: TarError) -> String {
    let place = error.entry.map { "the archive's entry \(QuotedText($0))" } ?? "the archive, at byte \(error.offset),"
    return "\(place) \(text(error.reason))"
  }

  /// Where advice about artefacts would be wrong, other advice.
  private static func text(_ reason: TarError.Reason) -> String {
    switch reason {
    case .notTar: "is not tar of the kinds ustar, pax or GNU; make it with tar -c, or let apus volume put make it"
    case .absolutePath: "has an absolute path: those in a volume begin at its root; pack with tar -C FOLDER -c ."
    case .parentInPath: "has .. in its path, which could lead out of the volume; pack with tar -C FOLDER -c ."
    case .tooManyEntries(let limit):
      "is one too many: \(limit) files and folders are taken at once; send them in parts"
    case .fileTooLarge(let limit): "is too large: a file may have \(limit) bytes; split it"
    case .totalTooLarge(let limit): "is too much: \(limit) bytes are taken at once; send the files in parts"
    case .kind(.symbolicLink): "is a symbolic link: files and folders are taken only; pack with --dereference"
    case .kind(.hardLink): "is a hard link: files and folders are taken only; pack with --hard-dereference"
    case .kind(.device), .kind(.fifo): "is a device or a pipe: files and folders are taken only; leave it out"
    default: "\(reason)"
    }
  }

  private static func text(_ error: SystemError) -> String {
    switch error.code {
    case ENOSPC, EDQUOT: "there is no room left where the gateway keeps volumes: remove what is not needed any more"
    case ELOOP, ENOTDIR:
      "a part of the path is a link or a file, and no folder: name another path, or remove what is in the way"
    case EISDIR, EEXIST, ENOTEMPTY:
      "there is a folder where the file would be: name another path, or remove the folder first"
    default: "the gateway could not \(error.operation) in the volume: \(SystemError.text(error.code))"
    }
  }
}
