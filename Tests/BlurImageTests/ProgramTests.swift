import ImageCodecs
import ImageModel
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

  /// The whole way: a process of its own, its environment, HTTP.
  @Test(.enabled(if: Networks.isThere, Comment(rawValue: Peer.missing)))
  func `finds runtime and networks by its environment`() throws {
    let networks = try #require(Networks.shared)
    let program = try BuiltProgram.path("blur-image")
    let (_, scratch) = try networks.shelf(["yunet": nil])
    let settings =
      "port=\(freePort()) bind_address=127.0.0.1 metrics_port=0 onnx_runtime='\(networks.runtime)' "
      + "onnx_models='\(scratch.path)'"
    let image = "\(scratch.path)/image.png"
    _ = try Shell.run("cat >'\(image)'", input: try ImageEncoder(.png).encode(Picture(Networks.picture(420, 300))))
    let asked = "http://127.0.0.1:$port/?detector=onnx&mode=detect&objects="
    let (output, status) = try Shell.run(
      """
      export \(settings)
      '\(program)' >'\(scratch.path)/log' 2>&1 &
      trap "kill $!; wait" EXIT
      curl -s --retry 600 --retry-connrefused --retry-delay 1 "http://127.0.0.1:$port/models" || exit 1
      curl -s --data-binary '@\(image)' "\(asked)faces" || exit 1
      curl -s --data-binary '@\(image)' "\(asked)faces,plates" || exit 1
      """)
    #expect(status == 0 && output.contains("\"layout\":\"yunet\"") && output.contains("\"kind\":\"face\""), "\(output)")
    #expect(output.contains("No network in \(scratch.path) looks for plates"), "\(output)")
  }
}
