extension Deployment {
  /// Amounts as they were written, in Kubernetes' notation; `ReplicaResources` is what they mean.
  package struct Resources: Hashable, Sendable {
    package var memory: String?
    package var cpu: String?
    /// Processors of three makers, which are carried along and not given out.
    package var nvidiaGPU: String?
    package var amdGPU: String?
    package var intelGPU: String?

    package init(
      memory: String? = nil, cpu: String? = nil, nvidiaGPU: String? = nil, amdGPU: String? = nil,
      intelGPU: String? = nil
    ) {
      self.memory = memory
      self.cpu = cpu
      self.nvidiaGPU = nvidiaGPU
      self.amdGPU = amdGPU
      self.intelGPU = intelGPU
    }

    package var isEmpty: Bool { self == Resources() }
  }
}
