import ApusModel

/// Memory and processor time of one replica; nil where there is no bound.
package struct ReplicaResources: Hashable, Sendable {
  package var memoryBytes: UInt64?
  /// Thousandths of a processor.
  package var milliCPU: UInt64?

  package init(memoryBytes: UInt64? = nil, milliCPU: UInt64? = nil) {
    self.memoryBytes = memoryBytes
    self.milliCPU = milliCPU
  }
}

extension ReplicaResources {
  /// No program of ours starts in less; who writes so little has forgotten the suffix, or written `m` for `Mi`.
  private static let plausibleBytes: UInt64 = 1 << 20

  init(_ resources: Deployment.Resources, at path: FieldPath, problems: inout [DeploymentProblem]) {
    let memory = Self.quantity(resources.memory, path.key("memory"), &problems)?.bytes
    if let memory, memory > 0, memory < Self.plausibleBytes {
      problems.warning(
        path.key("memory"),
        "\(QuotedText(resources.memory ?? "")) is \(memory) bytes, in which nothing runs; did you mean Mi?")
    }
    var milliCPU: UInt64?
    if let cpu = Self.quantity(resources.cpu, path.key("cpu"), &problems) {
      do throws(QuantityError) { milliCPU = try cpu.milliUnits } catch {
        problems.error(path.key("cpu"), error.description)
      }
    }
    // Zero is Kubernetes' other way to say that there is no bound.
    self.init(
      memoryBytes: memory.flatMap { $0 == 0 ? nil : $0 }, milliCPU: milliCPU.flatMap { $0 == 0 ? nil : $0 })
    let gpus = [
      ("nvidia.com/gpu", resources.nvidiaGPU), ("amd.com/gpu", resources.amdGPU),
      ("intel.com/gpu", resources.intelGPU),
    ]
    for (key, amount) in gpus where amount != nil {
      problems.warning(path.key(key), "Apus gives out no graphics processors; leave it out, or run this elsewhere")
    }
  }

  private static func quantity(
    _ text: String?, _ path: FieldPath, _ problems: inout [DeploymentProblem]
  ) -> Quantity? {
    guard let text else { return nil }
    do throws(QuantityError) { return try Quantity(text) } catch {
      problems.error(path, error.description)
      return nil
    }
  }

  /// Whether `self`, asked for, is more than `limit` allows; the key that is.
  func keyBeyond(_ limit: ReplicaResources) -> String? {
    if let own = memoryBytes, let bound = limit.memoryBytes, own > bound { return "memory" }
    if let own = milliCPU, let bound = limit.milliCPU, own > bound { return "cpu" }
    return nil
  }
}
