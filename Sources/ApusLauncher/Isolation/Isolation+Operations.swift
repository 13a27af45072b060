import CLinux

extension Isolation {
  /// One step in building a root. Paths are those inside.
  enum Operation: Equatable, Sendable {
    case mount(type: String, at: String, attributes: Attributes, options: String)
    /// A character device, which has the machine's own path.
    case device(String, major: UInt32, minor: UInt32)
    case bind(source: String, at: String, attributes: Attributes)
    case folder(String, mode: UInt32)
    case file(String, text: String)
    case link(String, to: String)
    case seal(String, attributes: Attributes)
  }

  /// What may not be done through a mount.
  struct Attributes: OptionSet, Sendable {
    var rawValue: UInt32
    static let readOnly = Attributes(rawValue: UInt32(APUS_MOUNT_READ_ONLY))
    static let noSetUserID = Attributes(rawValue: UInt32(APUS_MOUNT_NO_SETUID))
    static let noDevices = Attributes(rawValue: UInt32(APUS_MOUNT_NO_DEVICES))
    static let noExecution = Attributes(rawValue: UInt32(APUS_MOUNT_NO_EXEC))
    static let passive: Attributes = [.noSetUserID, .noDevices, .noExecution]
  }

  /// How the root is built, in order; nothing without a layer of mounts.
  var operations: [Operation] { parts.base + parts.own }

  /// The same in two: what every program gets, and what this one gets.
  var parts: (base: [Operation], own: [Operation]) {
    guard hasOwnRoot else { return ([], []) }
    var builder = RootBuilder()
    // One page a file or folder is all that a root which is not written needs.
    let owner = hasOwnUser ? "uid=\(identity.user),gid=\(identity.group)," : ""
    let options = root.isReadOnly ? "mode=755,size=1m" : "mode=755,\(owner)size=\(root.scratchBytes)"
    builder.operations.append(
      // Its devices are ours; a function has no right to make others.
      .mount(type: "tmpfs", at: "/", attributes: .noSetUserID, options: options))
    builder.addProcesses(showsMachine: root.showsMachine)
    builder.addDevices()
    builder.addScratch(bytes: root.scratchBytes, isExecutable: root.scratchIsExecutable)
    let base = builder.operations
    for (path, target) in root.links.sorted(by: { $0.key < $1.key }) { builder.addLink(path, to: target) }
    // A share within another comes after it.
    for share in root.shares.sorted(by: { $0.path < $1.path }) { builder.add(share) }
    for (path, text) in root.files.sorted(by: { $0.key < $1.key }) { builder.addFile(path, text) }
    if root.isReadOnly {
      builder.operations.append(.seal("/", attributes: [.readOnly, .noSetUserID, .noExecution]))
    }
    return (base, Array(builder.operations.dropFirst(base.count)))
  }

  /// Whether `identity` is who the program will be. A root of a container may have no such number to give.
  private var hasOwnUser: Bool { layers.contains(.identity) || layers.contains(.users) }

  /// The operation that failed, for a person to read.
  func operationText(at index: Int) -> String {
    let operations = operations
    guard operations.indices.contains(index) else { return "step \(index)" }
    return switch operations[index] {
    case .mount(let type, let path, _, _): "\(type) at \(path)"
    case .bind(let source, let path, _): "\(source) at \(path)"
    case .folder(let path, _), .file(let path, _), .link(let path, _), .seal(let path, _), .device(let path, _, _):
      path
    }
  }
}

/// Keeps in mind which folders are there.
private struct RootBuilder {
  var operations: [Isolation.Operation] = []
  private var folders: Set<String> = ["/"]
  private var shared: [String] = []

  /// Makes `path` and what is above it, unless a share brings them along.
  private mutating func makeFolder(_ path: String) {
    if path.isEmpty || folders.contains(path) || isShared(path) { return }
    makeFolder(RootBuilder.parent(path))
    folders.insert(path)
    operations.append(.folder(path, mode: 0o755))
  }

  private func isShared(_ path: String) -> Bool {
    shared.contains { path.hasPrefix($0 + "/") }
  }

  private static func parent(_ path: String) -> String {
    path.lastIndex(of: "/").map { String(path[..<$0]) } ?? ""
  }

  mutating func addProcesses(showsMachine: Bool) {
    makeFolder("/proc")
    let options = showsMachine ? "" : "subset=pid"
    operations.append(.mount(type: "proc", at: "/proc", attributes: .passive, options: options))
  }

  mutating func addDevices() {
    makeFolder("/dev")
    // Numbers that never change (null(4), random(4)).
    for (name, minor) in [("null", 3), ("zero", 5), ("full", 7), ("random", 8), ("urandom", 9)] as [(String, UInt32)] {
      operations.append(.device("/dev/\(name)", major: 1, minor: minor))
    }
    addLink("/dev/fd", to: "/proc/self/fd")
    for (number, name) in ["stdin", "stdout", "stderr"].enumerated() {
      addLink("/dev/\(name)", to: "/proc/self/fd/\(number)")
    }
    addLink("/dev/shm", to: "/tmp")
  }

  mutating func addScratch(bytes: Int, isExecutable: Bool) {
    makeFolder("/tmp")
    // Empty files cost memory too: a bound on their number.
    let options = "mode=1777,size=\(bytes),nr_inodes=\(max(64, bytes / 4096))"
    operations.append(
      .mount(
        type: "tmpfs", at: "/tmp", attributes: isExecutable ? [.noSetUserID, .noDevices] : .passive, options: options))
  }

  mutating func add(_ share: Isolation.Root.Share) {
    if share.isFile {
      if !isShared(share.path) { addFile(share.path, "") }
    } else {
      makeFolder(share.path)
    }
    var attributes: Isolation.Attributes = [.noSetUserID, .noDevices]
    if !share.isWritable { attributes.insert(.readOnly) }
    if !share.isExecutable { attributes.insert(.noExecution) }
    operations.append(.bind(source: share.source, at: share.path, attributes: attributes))
    shared.append(share.path)
  }

  mutating func addFile(_ path: String, _ text: String) {
    makeFolder(RootBuilder.parent(path))
    operations.append(.file(path, text: text))
  }

  mutating func addLink(_ path: String, to target: String) {
    makeFolder(RootBuilder.parent(path))
    operations.append(.link(path, to: target))
  }
}
