import Glibc

/// The data folder: whose it is, who can read it, and how much room there is.
struct DataFindings {
  let data: LocalData

  var all: [Finding] { folder + files + key + room }

  private var folder: [Finding] {
    var status = stat()
    guard stat(data.path, &status) == 0 else {
      guard errno == ENOENT else {
        return [.wrong("data", "\(data.path) can't be looked at: \(String(cString: strerror(errno)))", own)]
      }
      return [.ok("data", "\(data.path) is not there yet: the first start of a gateway makes it")]
    }
    guard status.st_mode & S_IFMT == S_IFDIR else {
      return [.wrong("data", "\(data.path) is no folder", "Move it away, or choose another place with --data")]
    }
    guard status.st_uid == geteuid() || geteuid() == 0 else {
      return [.wrong("data", "\(data.path) belongs to user \(status.st_uid), and this is user \(geteuid())", own)]
    }
    if status.st_mode & 0o022 != 0 {
      return [
        .wrong(
          "data", "\(data.path) can be written by others (mode \(Self.octal(status.st_mode)))",
          "Take their right away: chmod go-w \(data.path)")
      ]
    }
    return [.ok("data", "\(data.path), mode \(Self.octal(status.st_mode)), user \(status.st_uid)")]
  }

  private var own: String { "Run as the user who starts the gateway, or choose another folder with --data" }

  /// Those that nobody else may read.
  private var files: [Finding] {
    let paths = [data.nameFile, data.passwordFile, data.keyFile, "\(data.path)/state/apus.db"]
    let there = paths.filter { access($0, F_OK) == 0 }
    let open = there.compactMap { path -> Finding? in
      var status = stat()
      guard stat(path, &status) == 0, status.st_mode & 0o077 != 0 else { return nil }
      return .wrong(
        "data", "\(path) can be read by others (mode \(Self.octal(status.st_mode)))",
        "Take their right away (chmod 600 \(path)), and change what is in it")
    }
    if !open.isEmpty || there.isEmpty { return open }
    return [.ok("data", "credentials, key and state are their owner's alone")]
  }

  /// The one file that nothing else can stand in for.
  private var key: [Finding] {
    guard access("\(data.path)/state/apus.db", F_OK) == 0, access(data.keyFile, F_OK) != 0, errno == ENOENT else {
      return []
    }
    return [
      .wrong(
        "data", "\(data.keyFile) is missing: without it no secret that is stored can be opened",
        "Put the key back there (mode 0600). If it is lost, start apus-gateway once with --new-key, and give each"
          + " secret a new value (apus secret update NAME)")
    ]
  }

  private static let littleRoom = 1_000_000_000
  private static let noRoom = 100_000_000

  private var room: [Finding] {
    let place = FolderPath.around(data.path).first { access($0, F_OK) == 0 } ?? "/"
    var status = statvfs()
    guard statvfs(place, &status) == 0 else { return [] }
    let free = Int(
      clamping: UInt64(status.f_bavail).multipliedReportingOverflow(by: UInt64(status.f_frsize)).partialValue)
    let text = "\(Terminal.bytes(free)) free at \(place)"
    let advice = "Make room: artefacts, logs and volumes lie there"
    if free < Self.noRoom { return [.wrong("disk", text, advice)] }
    if free < Self.littleRoom { return [.warning("disk", text, advice)] }
    if status.f_files > 0, status.f_favail < 1000 {
      return [.wrong("disk", "\(status.f_favail) more files fit at \(place)", advice)]
    }
    return [.ok("disk", text)]
  }

  private static func octal(_ mode: mode_t) -> String { "0" + String(mode & 0o7777, radix: 8) }
}
