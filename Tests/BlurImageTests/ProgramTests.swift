import Instruments
import Testing

@Suite struct `The program blur-image` {
  /// It starts as fast as any function, and decoders are no reason to be larger by megabytes.
  @Test(arguments: ["10Foundation", "20FoundationEssentials", "17_StringProcessing", "12_RegexParser", "opencv"])
  func `has nothing of`(module: String) throws {
    let program = try BuiltProgram.path("blur-image")
    let (symbols, status) = try Shell.run("nm '\(program)'; nm -D '\(program)' 2>&1")
    #expect(status == 0)
    #expect(symbols.contains("15ObjectDetection"), "if nm saw nothing, this test could not fail")
    #expect(!symbols.split(separator: "\n").contains { $0.contains(module) })
  }
}
