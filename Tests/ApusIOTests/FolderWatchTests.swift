import ApusIO
import Glibc
import Testing

@Suite struct `A watch of folders` {
  @Test func `tells a new file, a written one and a removed one, and nothing else`() throws {
    var template = Array("/tmp/apus-test-XXXXXX".utf8CString)
    let folder = String(cString: try #require(mkdtemp(&template)))
    defer { rmdir(folder) }
    let loop = try Loop()
    try loop.runUntilDone {
      let watch = try FolderWatch(on: loop)
      defer { watch.close() }
      try watch.add(folder)
      try watch.add(folder)
      #expect(try !watch.drain())

      let file = open("\(folder)/file", O_WRONLY | O_CREAT, 0o600)
      try await watch.changed()
      try watch.drain()
      #expect(write(file, "a", 1) == 1)
      #expect(try !watch.drain(), "who writes has not ended")
      close(file)
      try await watch.changed()
      #expect(unlink("\(folder)/file") == 0)
      try await watch.changed()
    }
  }

  @Test func `says what is not there to be watched`() throws {
    let loop = try Loop()
    try loop.runUntilDone {
      let watch = try FolderWatch(on: loop)
      defer { watch.close() }
      #expect(throws: SystemError.self) { try watch.add("/nowhere") }
    }
  }
}
