import Foundation
import Testing

@Suite struct `The program blur-image` {
  /// Beside the test bundle, which the runner may have loaded by its arguments.
  private static func path() throws -> String {
    let runner = try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
    for candidate in [runner] + CommandLine.arguments {
      let path = URL(filePath: candidate).deletingLastPathComponent().appending(path: "blur-image").path
      if access(path, X_OK) == 0 { return path }
    }
    throw CocoaError(.fileNoSuchFile)
  }

  /// It starts as fast as any function, and decoders are no reason to be larger by megabytes.
  @Test(arguments: ["10Foundation", "20FoundationEssentials", "17_StringProcessing", "12_RegexParser", "opencv"])
  func `has nothing of`(module: String) throws {
    let program = try Self.path()
    let (symbols, status) = try Peer.run("nm '\(program)'; nm -D '\(program)'")
    #expect(status == 0)
    #expect(symbols.contains("15ObjectDetection"), "if nm saw nothing, this test could not fail")
    #expect(!symbols.split(separator: "\n").contains { $0.contains(module) })
  }
}
