import ApusArtefacts
import ApusCommandLine
import ApusHTTP
import ApusIO
import ApusJSON
import ApusModel
import Glibc

/// `apus volume`: what is in the folders that outlive replicas.
enum VolumeCommand {
  static let volume = Positional.required("VOLUME", .text("NAME"), help: "Name of the volume")
  static let local = Positional.required("SOURCE", .file("SOURCE"), help: "File or folder of this machine")
  static let path = Positional.optional(
    "PATH", .text("PATH"), help: "Path in the volume; else the name of a file, or the root for a folder's content")
  static let wanted = Positional.optional(
    "PATH", .text("PATH"), help: "File or folder in the volume; all of it, if none is given")
  static let target = Option.optional(
    "to", .file("TARGET"), help: "File or folder to make; else the last part's name; - writes a file to standard output"
  )

  static let usage = Command(
    "volume", "Look into volumes, put files there, get and remove them", subcommands: [list, put, get, remove])

  private static let list = Command(
    "list", "List the volumes of a namespace", discussion: GatewayOptions.statuses,
    options: GatewayOptions.all + [OutputFormat.option]
  ) { arguments in
    let (namespace, format) = (try arguments[GatewayOptions.namespace], try arguments[OutputFormat.option])
    try GatewayOptions.run(arguments) { client in
      let json = try await client.expect(.get, "/system/volumes?namespace=\(namespace)").json()
      if format == .json { return try OutputFormat.printJSON(json) }
      var table = TextTable(["volume", "files", "size", "functions"])
      for volume in json.arrayValue ?? [] {
        let functions = (volume["functions"]?.arrayValue ?? []).compactMap(\.stringValue)
        table.add([
          volume["name"]?.stringValue ?? "", "\(volume["files"]?.integerValue ?? 0)",
          Terminal.bytes(Int(volume["bytes"]?.integerValue ?? 0)), functions.joined(separator: ", "),
        ])
      }
      for line in table.lines { Terminal.say(line) }
    }
  }

  private static let put = Command(
    "put", "Put a file, or what is in a folder, into a volume",
    discussion: "A volume that is not there is made. Each file appears whole, in place of what had its name. A"
      + " symbolic link is not followed but refused, and so is a device, whether it is named or lies in the folder.\n\n"
      + GatewayOptions.statuses,
    options: GatewayOptions.all + [OutputFormat.option], positionals: [volume, local, path]
  ) { arguments in
    let (source, given, format) = (
      bare(try arguments[local]), try arguments[path], try arguments[OutputFormat.option]
    )
    let name = try arguments[volume]
    var status = stat()
    guard lstat(source, &status) == 0 else {
      throw CommandError("can't read \(source): \(String(cString: strerror(errno)))")
    }
    guard status.st_mode & S_IFMT != S_IFLNK else {
      throw CommandError(
        "\(source) is a symbolic link, which is not followed: name what it leads to"
          + (FolderPath.real(source).map { ", \($0)" } ?? ""))
    }
    let isFolder = status.st_mode & S_IFMT == S_IFDIR
    let whole = given ?? (isFolder ? "" : lastPart(source))
    // As in cp(1): a path that ends in a slash is a folder to put the file into.
    let path = !isFolder && whole.hasSuffix("/") ? whole + lastPart(source) : whole
    let target = try target(arguments, path: path)
    try GatewayOptions.run(arguments) { client in
      let answer =
        isFolder
        ? try await client.upload(ArtefactArchive(of: source, limits: limits), to: target)
        : try await client.upload(file: source, to: target)
      if format == .json { return try OutputFormat.printJSON(answer.json()) }
      let files = (try? answer.json())?["files"]?.integerValue ?? 0
      Terminal.note("put \(files) \(files == 1 ? "file" : "files") into \(name)")
    }
  }

  /// As the gateway has them for what is put.
  private static var limits: ArtefactLimits {
    var limits = ArtefactLimits()
    (limits.entries, limits.fileBytes) = (100_000, 1 << 30)
    return limits
  }

  private static let get = Command(
    "get", "Get a file, or a folder with all that is in it, out of a volume",
    discussion: "Links and devices in a volume are left out, and counted.\n\n\(GatewayOptions.statuses)",
    options: GatewayOptions.all + [Self.target, OutputFormat.option], positionals: [volume, wanted]
  ) { arguments in
    let (name, path) = (try arguments[volume], try arguments[wanted] ?? "")
    let format = try arguments[OutputFormat.option]
    let place = try arguments[Self.target] ?? lastPart(path.isEmpty ? name : path)
    let target = try target(arguments, path: path)
    try GatewayOptions.run(arguments) { client in
      var intake = VolumeTarget(place)
      let head = try await client.follow(target, head: { try intake.begin($0) }) { try intake.take($0) }
      try intake.finish()
      if let count = head.fields["X-Apus-Left-Out"] {
        Terminal.note("left out: \(count) links, devices and files too large")
      }
      guard place != "-" else { return }
      try format.tellDone("got \(place)", ["got": .string(place)])
    }
  }

  private static let remove = Command(
    "remove", "Remove a file or a folder in a volume, or a volume that no function names",
    discussion: GatewayOptions.statuses, options: GatewayOptions.all + [OutputFormat.option],
    positionals: [volume, wanted]
  ) { arguments in
    let (name, path) = (try arguments[volume], try arguments[wanted])
    let format = try arguments[OutputFormat.option]
    if let path, path.allSatisfy({ $0 == "/" }) {
      throw arguments.usageError("\(path) is the whole volume: leave the path out to remove it")
    }
    let target = try target(arguments, path: path ?? "")
    try GatewayOptions.run(arguments) { client in
      try await client.expect(.delete, target)
      try format.tellDone(
        "removed \(path.map { "\($0) from " } ?? "")\(name)",
        ["removed": path.map { .string($0) } ?? .null, "volume": .string(name)])
    }
  }

  private static func target(_ arguments: ParsedArguments, path: String) throws -> String {
    let (name, namespace) = (try arguments[volume], try arguments[GatewayOptions.namespace])
    do throws(NameError) {
      try DNSName.checkLabel(name, subject: "volume name")
    } catch {
      throw arguments.usageError("\(error)")
    }
    return "/system/volumes/\(name)?namespace=\(namespace)&path=\(QueryText.encode(path))"
  }

  /// Without slashes at its end, behind which lstat(2) would follow a link.
  private static func bare(_ path: String) -> String {
    var path = path
    while path.count > 1, path.hasSuffix("/") { path.removeLast() }
    return path
  }

  private static func lastPart(_ path: String) -> String {
    path.split(separator: "/").last.map(String.init) ?? path
  }
}
