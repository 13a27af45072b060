import Instruments
import Testing

@Suite struct `A function's executable` {
  /// Their megabytes and start-up time would be every function's.
  @Test(arguments: ["10Foundation", "20FoundationEssentials", "17_StringProcessing", "12_RegexParser"])
  func `has nothing of`(module: String) throws {
    let program = try BuiltProgram.path("hello")
    // A mangled name holds its module's with its length in front; `nm -D` shows what a dynamic build would load.
    let (symbols, status) = try Shell.run("nm \(program); nm -D \(program) 2>&1")
    #expect(status == 0, "\(symbols.prefix(200))")
    #expect(symbols.contains("4Apus"), "if nm saw nothing, this test could not fail")
    let found = symbols.split(separator: "\n").filter { $0.contains(module) }
    #expect(found.isEmpty, "\(found.prefix(5))")
  }

  @Test func `loads no library of Foundation`() throws {
    let (libraries, status) = try Shell.run("readelf -d \(try BuiltProgram.path("hello"))")
    #expect(status == 0)
    #expect(libraries.lowercased().contains("dynamic section"), "if readelf saw nothing, this test could not fail")
    #expect(!libraries.contains("Foundation"), "\(libraries)")
  }
}
