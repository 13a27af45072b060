import CLinux
import Glibc

extension Isolation {
  /// The form that the C side takes.
  func native(in entry: Cgroup.Entry?, _ memory: inout NativeMemory) -> apus_isolation {
    var native = apus_isolation()
    native.namespaces = namespaces
    if layers.contains(.users) {
      // An ordinary user may map itself, to whatever number.
      native.user_map = UnsafePointer(memory.string("\(identity.user) \(geteuid()) 1"))
      native.group_map = UnsafePointer(memory.string("\(identity.group) \(getegid()) 1"))
    }
    addRoot(to: &native, &memory)
    if layers.contains(.hostName) { native.host_name = UnsafePointer(memory.string(hostName)) }
    let isPrepared = network != nil && layers.contains(.network)
    if isPrepared { native.namespaces &= ~UInt64(APUS_NEW_NETWORK) }
    native.network = isPrepared ? network ?? -1 : -1
    native.raises_loopback = layers.contains(.network) && !isPrepared
    // In a user namespace the map has made it that user already, and there is no other.
    native.sets_ids = layers.contains(.identity) && !layers.contains(.users)
    (native.uid, native.gid) = (identity.user, identity.group)
    native.groups = UnsafePointer(memory.array(identity.groups))
    native.group_count = identity.groups.count
    native.drops_capabilities = layers.contains(.capabilities)
    native.no_new_privileges = layers.contains(.privileges)
    native.filters_system_calls = layers.contains(.systemCalls)
    addRules(to: &native, &memory)
    native.needs_init = needsInit && layers.contains(.processes)
    native.cgroup_folder = entry?.folder ?? -1
    let tasks = entry?.tasks ?? []
    native.cgroup_tasks = UnsafePointer(memory.array(tasks))
    native.cgroup_task_count = tasks.count
    return native
  }

  private var namespaces: UInt64 {
    let flags: [Layer: Int] = [
      .users: APUS_NEW_USERS, .mounts: APUS_NEW_MOUNTS, .processes: APUS_NEW_PROCESSES, .ipc: APUS_NEW_IPC,
      .hostName: APUS_NEW_HOST_NAME, .network: APUS_NEW_NETWORK,
    ]
    return layers.reduce(0) { $0 | UInt64(flags[$1] ?? 0) }
  }

  /// For a child that is made ahead: the world of `template`, and nothing that is a program's.
  func nativeTemplate(in entry: Cgroup.Entry?, _ memory: inout NativeMemory) -> apus_isolation {
    var native = self.native(in: entry, &memory)
    native.host_name = nil
    // What comes after is done when the program's own files are there: the seal of a root that may not be written.
    native.operation_count = parts.base.count
    return native
  }

  /// For such a child: what is this program's own. `trees` are the mounts of its shares, in their order.
  func nativeProgram(_ trees: borrowing MountTrees, _ memory: inout NativeMemory) -> apus_isolation {
    var native = self.native(in: nil, &memory)
    var list: [apus_operation] = []
    if !root.isReadOnly {
      var owner = apus_operation()
      owner.kind = CInt(APUS_OPERATION_OWNER.rawValue)
      owner.target = UnsafePointer(memory.string("/"))
      (owner.user, owner.group) = (identity.user, identity.group)
      list.append(owner)
    }
    var next = 0
    for operation in parts.own {
      var native = Isolation.native(operation, stage: "", &memory)
      if case .bind = operation {
        native.kind = CInt(APUS_OPERATION_ATTACH.rawValue)
        native.tree = trees.descriptors[next]
        next += 1
      }
      list.append(native)
    }
    native.operations = UnsafePointer(memory.array(list))
    native.operation_count = list.count
    return native
  }

  private func addRoot(to native: inout apus_isolation, _ memory: inout NativeMemory) {
    guard hasOwnRoot else { return }
    var list: [apus_operation] = []
    for operation in operations { list.append(Isolation.native(operation, stage: APUS_ROOT_STAGE, &memory)) }
    native.operations = UnsafePointer(memory.array(list))
    native.operation_count = list.count
    native.changes_root = true
  }

  private static func native(
    _ operation: Operation, stage: String, _ memory: inout NativeMemory
  ) -> apus_operation {
    var native = apus_operation()
    switch operation {
    case .mount(let type, let path, let attributes, let options):
      native.kind = CInt(APUS_OPERATION_MOUNT.rawValue)
      native.source = UnsafePointer(memory.string(type))
      native.target = staged(path, stage, &memory)
      native.attributes = attributes.rawValue
      native.data = UnsafePointer(memory.string(options))
    case .device(let path, let major, let minor):
      native.kind = CInt(APUS_OPERATION_DEVICE.rawValue)
      native.source = UnsafePointer(memory.string(path))
      native.target = staged(path, stage, &memory)
      native.mode = 0o666
      native.device = apus_device(major, minor)
    case .bind(let source, let path, let attributes):
      native.kind = CInt(APUS_OPERATION_BIND.rawValue)
      native.source = UnsafePointer(memory.string(source))
      native.target = staged(path, stage, &memory)
      native.attributes = attributes.rawValue
    case .folder(let path, let mode):
      native.kind = CInt(APUS_OPERATION_FOLDER.rawValue)
      native.target = staged(path, stage, &memory)
      native.mode = mode
    case .file(let path, let text):
      native.kind = CInt(APUS_OPERATION_FILE.rawValue)
      native.target = staged(path, stage, &memory)
      native.mode = 0o644
      native.data = UnsafePointer(memory.string(text))
    case .link(let path, let target):
      native.kind = CInt(APUS_OPERATION_LINK.rawValue)
      native.source = UnsafePointer(memory.string(target))
      native.target = staged(path, stage, &memory)
    case .seal(let path, let attributes):
      native.kind = CInt(APUS_OPERATION_SEAL.rawValue)
      native.target = staged(path, stage, &memory)
      native.attributes = attributes.rawValue
    }
    return native
  }

  /// Where a path of the root lies while it is built.
  private static func staged(
    _ path: String, _ stage: String, _ memory: inout NativeMemory
  ) -> UnsafePointer<CChar> {
    UnsafePointer(memory.string(path == "/" && !stage.isEmpty ? stage : stage + path))
  }

  private func addRules(to native: inout apus_isolation, _ memory: inout NativeMemory) {
    guard layers.contains(.paths) else { return }
    native.landlock_version = CInt(landlockVersion > 0 ? landlockVersion : Int(apus_landlock_version()))
    var list: [apus_landlock_rule] = []
    for rule in rules {
      list.append(
        apus_landlock_rule(path: UnsafePointer(memory.string(rule.path)), access: rule.access.rawValue))
    }
    native.rules = UnsafePointer(memory.array(list))
    native.rule_count = list.count
  }
}
