package import ApusIO
import Glibc

/// Where this process may make cgroups: below its own group, in each hierarchy that the machine has.
///
/// Version 1 has a hierarchy for each controller or a few of them, version 2 one for all; many machines have both
/// side by side, with the controllers on one of them. All that a tree makes lies in one folder of each hierarchy, named
/// after this process and its start, so that the next can tell what a killed one left.
package struct CgroupTree: Sendable, Equatable {
  package enum Version: Sendable, Equatable { case one, two }

  package struct Hierarchy: Sendable, Equatable {
    package var version: Version
    package var controllers: Set<String>
    /// The folder of our own group.
    package var folder: String

    package init(version: Version, controllers: Set<String>, folder: String) {
      self.version = version
      self.controllers = controllers
      self.folder = folder
    }
  }

  package var hierarchies: [Hierarchy]
  /// The name of our folder in each.
  package let name: String

  private static let prefix = "apus-"

  package init(hierarchies: [Hierarchy], name: String) {
    self.hierarchies = hierarchies
    self.name = name
  }

  /// Nil on a machine without cgroups.
  package static func find() -> CgroupTree? {
    guard let mounts = SmallFile.read("/proc/self/mountinfo"), let membership = SmallFile.read("/proc/self/cgroup"),
      let start = startTime(of: getpid())
    else { return nil }
    let hierarchies = parse(mounts: mounts, membership: membership)
    return hierarchies.isEmpty ? nil : CgroupTree(hierarchies: hierarchies, name: "\(prefix)\(getpid())-\(start)")
  }

  /// Reads proc(5)'s mountinfo and cgroup.
  package static func parse(mounts: String, membership: String) -> [Hierarchy] {
    var groups: [String: String] = [:]
    for line in membership.split(separator: "\n") {
      let parts = line.split(separator: ":", maxSplits: 2, omittingEmptySubsequences: false)
      guard parts.count == 3 else { continue }
      let controllers = parts[1].split(separator: ",").map(String.init).sorted()
      groups[controllers.joined(separator: ",")] = String(parts[2])
    }
    return mounts.split(separator: "\n").compactMap { line in
      let words = line.split(separator: " ").map(String.init)
      guard words.count > 9, let dash = words.firstIndex(of: "-"), words.count > dash + 3 else { return nil }
      let (root, point, type) = (words[3], words[4], words[dash + 1])
      switch type {
      case "cgroup2":
        guard let group = groups[""], let folder = folder(of: group, mountedAs: root, at: point) else { return nil }
        let controllers = SmallFile.read("\(folder)/cgroup.controllers") ?? ""
        let names = controllers.split { $0 == " " || $0 == "\n" }.map(String.init)
        return Hierarchy(version: .two, controllers: Set(names), folder: folder)
      case "cgroup":
        let options = words[dash + 3].split(separator: ",").map(String.init)
        let key = groups.keys.first { key in
          !key.isEmpty && key.split(separator: ",").allSatisfy { options.contains(String($0)) }
        }
        guard let key, let group = groups[key] else { return nil }
        guard let folder = folder(of: group, mountedAs: root, at: point) else { return nil }
        return Hierarchy(version: .one, controllers: Set(key.split(separator: ",").map(String.init)), folder: folder)
      default: return nil
      }
    }
  }

  /// In a container the mount shows a part of the tree only.
  private static func folder(of group: String, mountedAs root: String, at point: String) -> String? {
    if root == "/" { return group == "/" ? point : point + group }
    if group == "/" || group == root { return point }
    return group.hasPrefix(root + "/") ? point + group.dropFirst(root.utf8.count) : nil
  }

  // MARK: - What it makes

  /// Those in which groups are of use: the others, such as devices, are left as they are.
  package var useful: [Hierarchy] {
    let wanted: Set<String> = ["memory", "cpu", "cpuacct", "pids"]
    // Version 2 freezes and kills a group at one word even where it has no controllers.
    let hasTwo = hierarchies.contains { $0.version == .two }
    return hierarchies.filter { hierarchy in
      hierarchy.version == .two || !hierarchy.controllers.isDisjoint(with: wanted)
        || !hasTwo && hierarchy.controllers.contains("freezer")
    }
  }

  /// Which limits and figures can be had: the controllers in whose hierarchies we may make groups.
  package func usableControllers() -> Set<String> {
    var usable: Set<String> = []
    for hierarchy in useful where access(hierarchy.folder, W_OK) == 0 {
      guard hierarchy.version == .two else {
        usable.formUnion(hierarchy.controllers)
        continue
      }
      let enabled = SmallFile.read("\(hierarchy.folder)/cgroup.subtree_control") ?? ""
      usable.formUnion(enabled.split { $0 == " " || $0 == "\n" }.map(String.init))
    }
    return usable
  }

  /// Makes our folders, and passes the controllers of version 2 on to the groups below.
  ///
  /// A group of version 2 can't both hold processes and pass controllers on, so this process moves into a group
  /// beside those that are to come. Others in our group keep it from that; systemd's `Delegate=yes` gives us one alone.
  package func prepare() throws(SystemError) {
    for hierarchy in useful {
      if hierarchy.version == .two, !hierarchy.controllers.isEmpty { try passOn(hierarchy) }
      let folder = "\(hierarchy.folder)/\(name)"
      guard mkdir(folder, 0o755) == 0 || errno == EEXIST else { throw SystemError(errno, "make the cgroup", folder) }
      if hierarchy.version == .two { enable(hierarchy, in: folder) }
    }
  }

  private func passOn(_ hierarchy: Hierarchy) throws(SystemError) {
    let wanted = hierarchy.controllers.intersection(["memory", "cpu", "pids"])
    let present = SmallFile.read("\(hierarchy.folder)/cgroup.subtree_control") ?? ""
    if wanted.allSatisfy({ name in present.split { $0 == " " || $0 == "\n" }.contains { $0 == name } }) { return }
    let beside = "\(hierarchy.folder)/\(name)-self"
    guard mkdir(beside, 0o755) == 0 || errno == EEXIST else { throw SystemError(errno, "make the cgroup", beside) }
    try SmallFile.write("\(beside)/cgroup.procs", "\(getpid())")
    enable(hierarchy, in: hierarchy.folder)
  }

  private func enable(_ hierarchy: Hierarchy, in folder: String) {
    // Each by itself: one that is refused takes the others with it. `usableControllers` tells what came of it.
    for controller in hierarchy.controllers.intersection(["memory", "cpu", "pids"]).sorted() {
      try? SmallFile.write("\(folder)/cgroup.subtree_control", "+\(controller)")
    }
  }

  /// Kills what is left in our groups, which is nobody's by now, and removes them and our folders. Blocks until the
  /// kernel has let go of them, a tenth of a second at most.
  package func remove() {
    for hierarchy in useful {
      let folder = "\(hierarchy.folder)/\(name)"
      for _ in 0..<50 {
        for group in SmallFile.names(in: folder) where rmdir("\(folder)/\(group)") != 0 && errno == EBUSY {
          CgroupFolder(path: "\(folder)/\(group)").killAll()
        }
        if rmdir(folder) == 0 || errno == ENOENT { break }
        usleep(2000)
      }
    }
  }

  // MARK: - What others left

  /// Kills and removes what earlier processes of our kind made and did not live to remove. Returns how many groups.
  @discardableResult
  package func sweep() -> Int {
    var count = 0
    for hierarchy in useful {
      for name in SmallFile.names(in: hierarchy.folder) where CgroupTree.isLeftOver(name) {
        let folder = "\(hierarchy.folder)/\(name)"
        for group in SmallFile.names(in: folder) {
          CgroupFolder(path: "\(folder)/\(group)").killAll()
          if rmdir("\(folder)/\(group)") == 0 { count += 1 }
        }
        rmdir(folder)
      }
    }
    return count
  }

  /// Named after a process that is no more: its number is free, or another's who started later.
  static func isLeftOver(_ name: String) -> Bool {
    guard name.hasPrefix(prefix) else { return false }
    let parts = name.dropFirst(prefix.utf8.count).split(separator: "-", omittingEmptySubsequences: false)
    guard parts.count >= 2, let pid = CInt(parts[0]), let start = UInt64(parts[1]), pid > 0 else { return false }
    return startTime(of: pid) != start
  }

  /// Field 22 of proc(5)'s stat, in ticks since the machine's start; nil if there is no such process.
  static func startTime(of pid: CInt) -> UInt64? {
    guard let text = SmallFile.read("/proc/\(pid)/stat"), let end = text.lastIndex(of: ")") else { return nil }
    let fields = text[text.index(after: end)...].split(separator: " ")
    return fields.count > 19 ? UInt64(fields[19]) : nil
  }
}
