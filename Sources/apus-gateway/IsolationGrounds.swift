import ApusGateway
import ApusIO
import ApusLauncher
import ApusTelemetry

/// What replicas are isolated with on this machine: found out once, at the start, and said.
struct IsolationGrounds {
  /// Nil if the operator does not want it.
  let settings: IsolationSettings?
  let report: IsolationReport
  private let cgroups: CgroupTree?

  init(_ wish: IsolationWish, data: DataFolder, _ log: Log) throws {
    guard case .wanted(let isRequired, let libraries) = wish else {
      (settings, report, cgroups) = (nil, .off, nil)
      log.error("FUNCTIONS ARE NOT ISOLATED: they see and do all that this user can", ["by": "--no-isolation"])
      return
    }
    let cgroups = IsolationGrounds.prepareGroups(log)
    let support = IsolationSupport.probe(cgroups: cgroups)
    report = IsolationReport(support)
    if isRequired, !report.missing.isEmpty {
      cgroups?.remove()
      throw GatewayError(
        "--require-isolation asks for what can't be had here:\n  \(report.missing.joined(separator: "\n  "))\n"
          + "Permit it to this user, or start without --require-isolation")
    }
    for sentence in report.missing { log.warning("isolation is not complete", ["missing": .string(sentence)]) }
    self.cgroups = cgroups
    settings = IsolationSettings(
      ReplicaIsolation(support, volumes: "\(data.path)/volumes", libraries: libraries),
      numbersFile: "\(data.path)/numbers", cgroups: cgroups)
  }

  /// Takes away what a killed gateway left, and makes room for ours.
  private static func prepareGroups(_ log: Log) -> CgroupTree? {
    guard let tree = CgroupTree.find() else { return nil }
    let swept = tree.sweep()
    if swept > 0 { log.info("removed cgroups that were left", ["count": .integer(swept)]) }
    do throws(SystemError) {
      try tree.prepare()
      return tree
    } catch {
      tree.remove()
      log.warning("no cgroups", ["error": .string("\(error)")])
      return nil
    }
  }

  /// At the end, when no replica is left.
  func remove() { cgroups?.remove() }
}
