extension Isolation {
  /// Rights on a path and all below it, in the terms of Landlock.
  struct Rule: Equatable, Sendable {
    var path: String
    var access: Access
  }

  /// LANDLOCK_ACCESS_FS_… of linux/landlock.h.
  struct Access: OptionSet, Sendable {
    var rawValue: UInt64
    static let execute = Access(rawValue: 0x1)
    static let writeFile = Access(rawValue: 0x2)
    /// Files and the lists of folders.
    static let read = Access(rawValue: 0x4 | 0x8)
    static let useDevice = Access(rawValue: 0x8000)
    /// All but to make devices: write, truncate, make and remove whatever else there is, and rename between folders.
    static let change = Access(rawValue: 0x2 | 0x30 | 0x80 | 0x100 | 0x200 | 0x400 | 0x1000 | 0x2000 | 0x4000)
  }

  /// What may be done where, inside.
  var rules: [Rule] {
    guard layers.contains(.paths) else { return [] }
    return hasOwnRoot ? rulesOfOwnRoot : rulesOfMachine
  }

  private var rulesOfOwnRoot: [Rule] {
    var rules = [
      // All that is there is there to be read. The machine's root is another folder, and so out of reach.
      Rule(path: "/", access: root.isReadOnly ? .read : [.read, .change]),
      Rule(path: "/proc", access: [.read, .writeFile]),
      Rule(path: "/dev", access: [.read, .writeFile, .useDevice]),
      Rule(path: "/tmp", access: root.scratchIsExecutable ? [.read, .change, .execute] : [.read, .change]),
    ]
    rules += root.shares.compactMap { share in
      let access = Isolation.access(to: share).subtracting(.read)
      return access.isEmpty ? nil : Rule(path: share.path, access: access)
    }
    return rules
  }

  /// Without a root of its own the program sees the machine's paths, and may use those that it was to be given.
  private var rulesOfMachine: [Rule] {
    [
      Rule(path: "/proc", access: [.read, .writeFile]), Rule(path: "/dev/null", access: [.read, .writeFile]),
      Rule(path: "/dev/zero", access: .read), Rule(path: "/dev/random", access: .read),
      Rule(path: "/dev/urandom", access: .read), Rule(path: "/dev/full", access: [.read, .writeFile]),
    ] + root.shares.map { Rule(path: $0.source, access: Isolation.access(to: $0)) }
  }

  private static func access(to share: Root.Share) -> Access {
    var access: Access = .read
    if share.isWritable { access.formUnion(.change) }
    if share.isExecutable { access.insert(.execute) }
    return access
  }

  /// The rule that failed, for a person to read.
  func ruleText(at index: Int) -> String {
    let rules = rules
    return rules.indices.contains(index) ? rules[index].path : "all of them"
  }
}
