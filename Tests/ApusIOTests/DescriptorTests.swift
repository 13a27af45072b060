import ApusIO
import Glibc
import Instruments
import Testing

@Suite struct `A descriptor` {
  @Test func `is closed exactly once, wherever it goes`() async {
    await #expect(processExitsWith: .success) {
      let before = openDescriptors().count
      do {
        let pipe = try Pipe()
        #expect(openDescriptors().count == before + 2)
        _ = consume pipe
        #expect(openDescriptors().count == before, "a pipe that ends closes both")
        let reading = try Pipe().takeReading()
        #expect(openDescriptors().count == before + 1, "the other end is closed")
        let writing = try Pipe().takeWriting()
        #expect(openDescriptors().count == before + 2)
        let raw = reading.release()
        #expect(openDescriptors().count == before + 2, "released is not closed")
        #expect(fcntl(raw, F_GETFD) >= 0)
        close(raw)
        _ = consume writing
        #expect(openDescriptors().count == before)
      } catch {
        Issue.record(error)
      }
      // A second close would have shut what another thread got in between: the number is free, and stays so.
      let null = open("/dev/null", O_RDONLY)
      #expect(fcntl(null, F_GETFD) >= 0)
      #expect(openDescriptors().count == before + 1)
    }
  }

  @Test func `becomes non-blocking and closed on exec`() throws {
    let raw = open("/dev/null", O_RDONLY)
    let descriptor = Descriptor(owning: raw)
    #expect(fcntl(raw, F_GETFD) & FD_CLOEXEC == 0)
    try descriptor.setCloseOnExec()
    try descriptor.setNonBlocking()
    #expect(fcntl(raw, F_GETFD) & FD_CLOEXEC != 0)
    #expect(fcntl(raw, F_GETFL) & O_NONBLOCK != 0)
  }

  @Test(arguments: [true, false])
  func `of a pipe is closed on exec, and blocks if told to`(nonBlocking: Bool) throws {
    let pipe = try Pipe(nonBlocking: nonBlocking)
    for raw in [pipe.reading.raw, pipe.writing.raw] {
      #expect(fcntl(raw, F_GETFD) & FD_CLOEXEC != 0)
      #expect((fcntl(raw, F_GETFL) & O_NONBLOCK != 0) == nonBlocking)
    }
  }

  @Test func `is never negative`() async {
    await #expect(processExitsWith: .failure) {
      _ = Descriptor(owning: -1)
    }
  }
}
