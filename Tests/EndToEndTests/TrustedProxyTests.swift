import ApusIO
import ApusLauncher
import Glibc
import Testing

@Suite(.serialized) struct `Proxies in front of a gateway` {
  private static let said =
    "-H 'X-Forwarded-For: 198.51.100.7, 192.0.2.1' -H 'X-Forwarded-Proto: https' -H 'X-Forwarded-Host: shop.example'"
    + " -H 'Forwarded: for=198.51.100.7'"

  @Test func `are not believed unless the operator names them`() throws {
    let gateway = try RunningGateway()
    try gateway.deploy("issuer", as: "hello")
    let answer = try gateway.curl("/function/hello", Self.said)
    #expect(RunningGateway.told("X-Forwarded-For", answer) == "127.0.0.1")
    #expect(RunningGateway.told("X-Forwarded-Proto", answer) == "http")
    #expect(RunningGateway.told("X-Forwarded-Host", answer) == gateway.host)
    #expect(RunningGateway.told("Forwarded", answer) == "")
    #expect(RunningGateway.told("client", answer) == "127.0.0.1")
  }

  @Test func `are believed as far as they are trusted`() throws {
    let gateway = try RunningGateway(arguments: ["--trusted-proxies", "127.0.0.1, 192.0.2.0/24"])
    try gateway.deploy("issuer", as: "hello")
    let answer = try gateway.curl("/function/hello", Self.said)
    #expect(RunningGateway.told("X-Forwarded-For", answer) == "198.51.100.7, 192.0.2.1, 127.0.0.1")
    #expect(RunningGateway.told("X-Forwarded-Proto", answer) == "https")
    #expect(RunningGateway.told("X-Forwarded-Host", answer) == "shop.example")
    #expect(RunningGateway.told("client", answer) == "198.51.100.7", "the rightmost that nobody vouches for")
    let longer = try gateway.curl("/function/hello", "-H 'X-Forwarded-For: 203.0.113.9, 198.51.100.7'")
    #expect(RunningGateway.told("client", longer) == "198.51.100.7", "what that one says is its word alone")
  }

  @Test func `do not make one caller wait for another's guesses`() throws {
    let gateway = try RunningGateway(arguments: ["--trusted-proxies", "127.0.0.0/8"])
    func attempt(_ address: String, _ credentials: String) throws -> Int {
      try gateway.curl("/system/functions", "-H 'X-Forwarded-For: \(address)' \(credentials)").status
    }
    for count in 0..<5 { #expect(try attempt("198.51.100.7", "-u guess\(count):x") == 401) }
    #expect(try attempt("198.51.100.7", "-u guess:x") == 429)
    #expect(try attempt("203.0.113.9, 198.51.100.7", "-u guess:x") == 429, "invented hops do not help")
    #expect(try attempt("198.51.100.8", "-u guess6:x") == 401)
  }

  @Test func `must be networks`() throws {
    let folder = try Shell.temporaryFolder()
    let program = try Program("apus-gateway", ["--data", folder, "--port", "0", "--trusted-proxies", "10.0.0.0/33"])
    #expect(program.line(with: "--trusted-proxies").contains("is no list of networks"))
    #expect(try program.end(0).cause == .status(1))
    _ = try Shell.run("rm -rf '\(folder)'")
  }
}
