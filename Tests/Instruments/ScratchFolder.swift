/// A folder of one test, gone with it.
package final class ScratchFolder: Sendable {
  package let path: String

  package init() throws { path = try Shell.temporaryFolder() }

  deinit { _ = try? Shell.run("rm -rf '\(path)'") }
}
