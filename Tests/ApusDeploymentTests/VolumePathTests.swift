import ApusDeployment
import Testing

@Suite struct `A volume's path` {
  @Test(arguments: ["/home/app", "/home/app/data", "/home", "/proc/x", "/sys", "/dev/shm", "/var/openfaas/secrets/a"])
  func `hides nothing that a replica needs`(path: String) {
    #expect(throws: VolumeError.self) { try Volume(name: "a", path: path) }
  }

  @Test(arguments: ["/data", "/home/application", "/var/openfaas/other"]) func `may be any other`(path: String) throws {
    #expect(try Volume(name: "a", path: path).path == path)
  }
}
