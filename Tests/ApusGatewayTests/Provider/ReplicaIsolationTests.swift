import ApusDeployment
import ApusGateway
import ApusIO
import ApusLauncher
import ApusModel
import Testing

@Suite struct `The world of a replica` {
  private static let all = IsolationSupport(
    way: .root, refusals: [.users: "root needs none"], landlockVersion: 6, controllers: ["memory", "cpu", "pids"])
  private static let identity = Isolation.Identity(user: 200_000, group: 200_000, groups: [200_001])

  private func world(
    _ support: IsolationSupport = all, selfContained: Bool = true, secrets: String? = nil,
    program other: ReplicaProgram? = nil, _ change: (inout Deployment) -> Void = { _ in }
  ) throws -> ReplicaWorld {
    var deployment = Deployment(name: try FunctionName("hello", default: "openfaas-fn"), image: "hello:latest")
    change(&deployment)
    let generation = Generation(1, stored: 1, deployment, try DeploymentPolicy(deployment))
    var program = ReplicaProgram("/d/artefacts/x/handler", folder: "/d/artefacts/x", secrets: secrets)
    program.isSelfContained = selfContained
    program.canBeFirst = selfContained
    if let other { program = other }
    return ReplicaIsolation(support, volumes: "/d/volumes").world(generation, program, Self.identity)
  }

  @Test func `has its artefact at a fixed place and nothing else`() throws {
    let world = try world()
    #expect(world.path == "/home/app/handler" && world.folder == "/home/app")
    let isolation = try #require(world.isolation)
    #expect(isolation.root.shares == [.program("/d/artefacts/x", at: "/home/app")])
    #expect(isolation.layers == Set(Isolation.Layer.allCases).subtracting([.users]))
    #expect(isolation.hostName == "hello" && isolation.identity == Self.identity)
    #expect(!isolation.needsInit && !isolation.root.isReadOnly && !isolation.root.showsMachine)
  }

  @Test func `has secrets where OpenFaaS has them, and volumes where it asks`() throws {
    let world = try world(secrets: "/run/s") { deployment in
      deployment.annotations = ["com.apus.volume.notes": "/data"]
      deployment.readOnlyRootFilesystem = true
    }
    #expect(world.secrets == "/var/openfaas/secrets")
    let isolation = try #require(world.isolation)
    #expect(isolation.root.isReadOnly)
    #expect(isolation.root.shares.contains(.readOnly("/run/s", at: "/var/openfaas/secrets")))
    #expect(isolation.root.shares.contains(.volume("/d/volumes/openfaas-fn/notes", at: "/data")))
  }

  @Test func `has the system's folders and an init only if the program brings neither`() throws {
    let isolation = try #require(try world(selfContained: false).isolation)
    #expect(isolation.needsInit && isolation.root.showsMachine)
    #expect(isolation.root.shares.contains { $0.path == "/usr" })
  }

  @Test(arguments: [(true, false), (false, true), (true, true), (false, false)])
  func `has an init unless the program can be the first process, whatever else it needs`(
    selfContained: Bool, canBeFirst: Bool
  ) throws {
    var program = ReplicaProgram("/d/artefacts/x/handler", folder: "/d/artefacts/x")
    program.isSelfContained = selfContained
    program.canBeFirst = canBeFirst
    let isolation = try #require(try world(program: program).isolation)
    #expect(isolation.needsInit == !canBeFirst)
    #expect(isolation.root.showsMachine == !selfContained)
  }

  @Test func `has the watchdog beside its artefact, and nothing of the folder that it is from`() throws {
    var program = ReplicaProgram("/opt/apus/bin/apus-watchdog", folder: "/d/artefacts/x")
    program.isWatchdog = true
    let world = try world(program: program)
    #expect(world.path == "/apus-watchdog" && world.folder == "/home/app")
    let shares = try #require(world.isolation).root.shares.filter { $0.path.hasSuffix("watchdog") }
    #expect(shares.map(\.source) == ["/opt/apus/bin/apus-watchdog"])
    #expect(shares.allSatisfy { $0.isFile && $0.isExecutable && !$0.isWritable })
  }

  @Test func `has the machine's network only by its own wish`() throws {
    let isolation = try #require(try world { $0.annotations = ["com.apus.network": "host"] }.isolation)
    #expect(!isolation.layers.contains(.network))
    #expect(isolation.root.shares.contains { $0.path == "/etc/hosts" })
  }

  @Test func `is limited as a whole where that can be had`() throws {
    let world = try world { $0.limits = Deployment.Resources(memory: "64Mi", cpu: "500m") }
    #expect(world.resources == ResourceLimits(memory: 64 << 20, processors: 0.5, processes: 512))
    #expect(world.limits.map(\.value) == [0], "no core file")
  }

  @Test func `is limited by process where there are no groups`() throws {
    var support = Self.all
    support.controllers = []
    support.refusals[.resources] = "none"
    let world = try world(support) { $0.limits = Deployment.Resources(memory: "64Mi", cpu: "500m") }
    #expect(world.resources == nil)
    #expect(world.limits.map(\.value) == [64 << 20, 4096, 0])
  }

  @Test func `of an ordinary user has that user's rights, and no count of all its processes`() throws {
    let support = IsolationSupport(
      way: .userNamespaces, refusals: [.identity: "one", .resources: "none"], landlockVersion: 6)
    let world = try world(support) { $0.limits = Deployment.Resources(memory: "64Mi") }
    let isolation = try #require(world.isolation)
    #expect(isolation.layers.contains(.users) && !isolation.layers.contains(.identity))
    #expect(isolation.identity.groups.isEmpty)
    #expect(world.limits.map(\.value) == [64 << 20, 0])
  }

  @Test func `names the machine's paths, as our own user, where files can't be parted`() throws {
    var support = Self.all
    support.refusals[.mounts] = "not permitted"
    let world = try world(support, secrets: "/run/s")
    #expect(world.path == "/d/artefacts/x/handler" && world.folder == "/d/artefacts/x" && world.secrets == "/run/s")
    #expect(world.isolation?.layers.contains(.identity) == false)
  }
}
