import ApusIO
import ApusLauncher
import Glibc
import Testing

@Suite struct `What processes use` {
  @Test func `is counted for the whole family`() throws {
    let us = ProcessUsage(familyOf: getpid())
    #expect(us.memory > 1 << 20)
    #expect(us.processorTime > .zero)
    // A shell that waits for others, of which one holds memory.
    let pipe = try Pipe(nonBlocking: false)
    var plan = ChildProcess.Plan("/bin/sh", ["-c", "sleep 60 & head -c 32m /dev/zero | tail; wait"])
    plan.environment = ["PATH": "/usr/bin:/bin"]
    plan.descriptors = [1: pipe.writing.raw]
    let child = try ChildProcess.spawn(plan)
    let limit = Instant.now() + .seconds(10)
    var most = 0
    // tail keeps what may be the last lines: all of it, as there is no line end.
    while most < 32 << 20, Instant.now() < limit { most = max(most, ProcessUsage(familyOf: child.pid).memory) }
    #expect(most >= 32 << 20)
  }

  @Test func `is nothing for one that is not there`() {
    #expect(ProcessUsage(familyOf: 0x3FFF_FFFF) == ProcessUsage())
  }
}
