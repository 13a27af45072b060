import Glibc
import Testing

/// What a function says may be a stranger's: it must not steer the terminal of the person who looks at it.
@Suite(.serialized) struct `A function's output on a terminal` {
  private let steering = "\u{1B}"

  /// With a function whose answers and lines steer terminals.
  private func gateway() throws -> RunningGateway {
    let gateway = try RunningGateway()
    try gateway.deploy("lifecycle-fixture", as: "odd", #","envVars":{"FIXTURE":"odd"}"#)
    return gateway
  }

  @Test func `shows what would steer it in the log, and a pipe gets it as it is`() throws {
    let gateway = try gateway()
    #expect(try gateway.curl("/function/odd/").status == 200)
    let piped = try gateway.apus("logs odd")
    #expect(piped.output.contains("before \u{1B}[31mred\u{1B}[0m\u{9B}1m after"), "\(piped.output)")
    let shown = try gateway.apusOnTerminal("logs odd")
    #expect(shown.output.contains(#"before \u001b[31mred\u001b[0m\u009b1m after"#), "\(shown.output)")
    let objects = try gateway.apusOnTerminal("logs odd -o json")
    #expect(objects.output.contains(#"before \u001b[31mred\u001b[0m\u009b1m after"#), "\(objects.output)")
    for output in [shown.output, objects.output] {
      #expect(!output.unicodeScalars.contains { $0 == "\u{1B}" || $0 == "\u{9B}" })
    }
  }

  @Test func `shows what would steer it in an answer, and a pipe gets it as it is`() throws {
    let gateway = try gateway()
    #expect(try gateway.apus("invoke odd") == ("tab\tand \u{1B}]0;title\u{7} é\r\n", 0))
    #expect(try gateway.apusOnTerminal("invoke odd") == ("tab\tand \\u001b]0;title\\u0007 é\r\r\n", 0))
  }

  @Test func `is not an answer that is no text, which a pipe gets whole`() throws {
    let gateway = try gateway()
    let bytes = try gateway.apus("invoke odd --path /bytes | od -An -tx1")
    #expect(bytes.output == " 89 50 00 9b 1b\n")
    let refused = try gateway.apusOnTerminal("invoke odd --path /bytes")
    #expect(refused.status == 1)
    #expect(refused.output.contains("image/png"), "\(refused.output)")
    #expect(refused.output.contains("> FILE"), "\(refused.output)")
    #expect(!refused.output.utf8.contains(0))
  }
}
