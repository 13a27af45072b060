import ApusIO
import CLinux
import Glibc

extension ChildProcess {
  /// What to start, and the world it starts in. Nothing is inherited that is not written here.
  package struct Plan: Sendable {
    /// The program's path; `PATH` is not searched.
    package var path: String
    /// The arguments after the program's own name.
    package var arguments: [String]
    package var environment: [String: String]
    /// Its working folder; nil keeps ours.
    package var directory: String?
    /// Our descriptor for each of the child's; what is not named here is closed, but for 0, 1 and 2, which stay ours.
    package var descriptors: [CInt: CInt] = [:]
    /// Adds `LISTEN_PID` with the child's own pid, which is known only after its birth (sd_listen_fds(3)).
    package var tellsListenPID = false
    package var limits: [Limit] = []
    /// A process group of its own, so that it can be ended with all that it starts.
    package var ownProcessGroup = true
    /// Sent to the child when the thread that started it ends; 0 for none (prctl(2), PR_SET_PDEATHSIG).
    package var deathSignal: CInt = 0
    /// What of the machine the program sees; nil for all that we see. Paths above are those inside.
    package var isolation: Isolation?

    /// One resource limit, soft and hard alike (setrlimit(2)).
    package struct Limit: Sendable {
      package var resource: CInt
      package var value: UInt64

      package static func openFiles(_ count: UInt64) -> Limit { Limit(RLIMIT_NOFILE, count) }
      package static func addressSpace(_ bytes: UInt64) -> Limit { Limit(RLIMIT_AS, bytes) }
      package static func processes(_ count: UInt64) -> Limit { Limit(CInt(APUS_LIMIT_PROCESSES), count) }
      package static func processorSeconds(_ seconds: UInt64) -> Limit { Limit(RLIMIT_CPU, seconds) }
      package static func coreSize(_ bytes: UInt64) -> Limit { Limit(RLIMIT_CORE, bytes) }

      private init(_ resource: __rlimit_resource, _ value: UInt64) {
        self.init(CInt(resource.rawValue), value)
      }

      private init(_ resource: CInt, _ value: UInt64) {
        self.resource = resource
        self.value = value
      }
    }

    package init(_ path: String, _ arguments: [String] = [], environment: [String: String] = [:]) {
      self.path = path
      self.arguments = arguments
      self.environment = environment
    }

    /// The working folder, for a person to read.
    var directoryOfPath: String { "\(directory ?? "."), the working folder of \(path)" }

    /// Throws if the kernel would read a text of the plan as a shorter one, or as two.
    func check() throws(SystemError) {
      let texts = [path, directory ?? ""] + arguments + environment.keys + environment.values
      if texts.contains(where: { $0.utf8.contains(0) }) {
        let advice = "A path, an argument or a variable has a NUL byte, which would end it: remove it"
        throw SystemError(EINVAL, "start", path, advice: advice)
      }
      if let name = environment.keys.first(where: { $0.isEmpty || $0.utf8.contains(UInt8(ascii: "=")) }) {
        throw SystemError(EINVAL, "start", path, advice: "“\(name)” can't be a variable's name: choose one without =")
      }
      try isolation?.check()
    }

    /// Lends the plan in the form that the C side takes. All memory is made here, before there is a child.
    func withNative<Result>(
      in entry: Cgroup.Entry? = nil, _ body: (UnsafePointer<apus_spawn_plan>) -> Result
    ) -> Result {
      withNative { native, memory in
        var native = native
        if isolation != nil || entry != nil {
          let world = (isolation ?? Isolation(layers: [])).native(in: entry, &memory)
          native.isolation = UnsafePointer(memory.array([world]))
        }
        return body(&native)
      }
    }

    /// The same without its isolation, and with memory for more.
    func withNative<Result>(_ body: (apus_spawn_plan, inout NativeMemory) -> Result) -> Result {
      var memory = NativeMemory()
      var native = apus_spawn_plan()
      native.path = UnsafePointer(memory.string(path))
      native.directory = directory.map { UnsafePointer(memory.string($0)) }
      native.arguments = UnsafePointer(memory.list([path] + arguments))
      addEnvironment(to: &native, &memory)
      let maps = descriptors.sorted { $0.key < $1.key }.map { apus_descriptor_map(parent: $0.value, child: $0.key) }
      native.descriptors = UnsafePointer(memory.array(maps))
      native.descriptor_count = maps.count
      native.limits = UnsafePointer(
        memory.array(limits.map { apus_limit(resource: $0.resource, soft: $0.value, hard: $0.value) }))
      native.limit_count = limits.count
      native.own_process_group = ownProcessGroup
      native.death_signal = deathSignal
      return body(native, &memory)
    }

    private func addEnvironment(to native: inout apus_spawn_plan, _ memory: inout NativeMemory) {
      var variables = self.environment
      // One that we were given ourselves would come first, and be believed.
      if tellsListenPID { variables["LISTEN_PID"] = nil }
      var entries = variables.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }
      // Room for the eleven bytes of a pid and its end; the child writes over them.
      if tellsListenPID { entries.append("LISTEN_PID=00000000000") }
      native.environment = memory.list(entries)
      if tellsListenPID, let last = native.environment[entries.count - 1] {
        native.listen_pid = last + "LISTEN_PID=".utf8.count
      }
    }
  }
}
