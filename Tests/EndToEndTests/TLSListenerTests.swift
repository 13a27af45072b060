import ApusIO
import ApusJSON
import ApusLauncher
import Glibc
import Instruments
import Testing

@Suite(.serialized) struct `A gateway with a certificate` {
  /// An authority, and a certificate of its for this machine; all of it goes with the test.
  private final class Certificates {
    let folder: String

    init() throws {
      folder = try Shell.temporaryFolder()
      let made = try Shell.run(
        """
        cd '\(folder)' && openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 30 -subj /CN=ca \
        -keyout ca.key -out ca.pem -addext basicConstraints=critical,CA:TRUE 2>&1
        """)
      try #require(made.status == 0, "\(made.output)")
      try make("one")
    }

    deinit {
      _ = try? Shell.run("rm -rf '\(folder)'")
    }

    /// Puts a new certificate with that subject in the place of the old one.
    func make(_ subject: String) throws {
      let made = try Shell.run(
        """
        cd '\(folder)' && printf 'subjectAltName=DNS:localhost,IP:127.0.0.1\\n' >ext &&
        openssl req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -subj '/CN=\(subject)' -keyout new.key \
        -out csr 2>&1 && openssl x509 -req -in csr -CA ca.pem -CAkey ca.key -CAcreateserial -days 30 -extfile ext \
        -out new.pem 2>&1 && mv new.key key.pem && mv new.pem cert.pem
        """)
      try #require(made.status == 0, "\(made.output)")
    }

    var options: [String] { ["--tls-certificate", "\(folder)/cert.pem", "--tls-key", "\(folder)/key.pem"] }

    /// For curl.
    var trust: String { "--cacert '\(folder)/ca.pem'" }

    /// The subject of the certificate that `gateway` shows to new connections.
    func shown(by gateway: RunningGateway) throws -> String {
      let shown = "openssl s_client -connect '\(gateway.host)' 2>/dev/null | openssl x509 -noout -subject"
      return try Shell.run("\(shown) | sed -n 's/.*CN *= *//p'").output.filter { $0 != "\n" }
    }
  }

  @Test func `answers in HTTPS, says so to functions, and tells others to use it`() throws {
    let certificates = try Certificates()
    let gateway = try RunningGateway(arguments: certificates.options)
    #expect(gateway.url.hasPrefix("https://127.0.0.1:"))
    #expect(try gateway.curl("/healthz", certificates.trust).status == 200)
    let ready = try Shell.run("cat '\(gateway.folder)/run/endpoints.json'").output
    #expect(ready.contains("\"https://127.0.0.1:"))
    let plain = try Shell.run("curl -sS -m 20 -i 'http://\(gateway.host)/healthz'").output
    #expect(plain.hasPrefix("HTTP/1.1 400 "))
    #expect(plain.contains("https://"))
    #expect(try Shell.run("curl -sS -m 20 '\(gateway.url)/healthz' 2>&1").status == 60, "its authority is not known")
  }

  @Test func `passes calls on, whole, with their scheme`() throws {
    let certificates = try Certificates()
    let gateway = try RunningGateway(arguments: certificates.options)
    // The same address in clear text is what the fixture's own curl can't have.
    let trusted = "\(gateway.credentials) \(certificates.trust)"
    let tar = "\(gateway.folder)/hello.tar"
    _ = try Shell.run("tar -C / -cf '\(tar)' --transform 's,.*,handler,' '\(try BuiltProgram.path("issuer"))' 2>&1")
    let upload = try gateway.curl("/system/artefacts/hello", "\(trusted) -X PUT --data-binary @'\(tar)'")
    #expect(upload.status == 200, "\(upload.body)")
    let body = #"-X POST -d '{"service":"hello","image":"hello"}'"#
    #expect(try gateway.curl("/system/functions", "\(trusted) \(body)").status == 202)
    let answer = try gateway.curl("/function/hello", certificates.trust)
    #expect(answer.status == 200)
    #expect(RunningGateway.told("X-Forwarded-Proto", answer) == "https")
  }

  @Test func `takes a new one up at SIGHUP and keeps its connections`() throws {
    let certificates = try Certificates()
    let gateway = try RunningGateway(arguments: certificates.options)
    #expect(try certificates.shown(by: gateway) == "one")
    // One connection that has sent half a request before the change, and sends the rest after it.
    let folder = certificates.folder
    let request = "(printf 'GET /healthz HTTP/1.1\\r\\nHost: a\\r\\n'; cat '\(folder)/rest')"
    let client = "timeout 20 openssl s_client -quiet -connect '\(gateway.host)' >'\(folder)/answer' 2>'\(folder)/said'"
    _ = try Shell.run("mkfifo '\(folder)/rest'; (\(request) | \(client)) >/dev/null 2>&1 &")
    func wait(for text: String, in file: String) throws -> String {
      let look = "grep -q '\(text)' '\(folder)/\(file)' 2>/dev/null"
      return try Shell.run(
        "for i in $(seq 100); do \(look) && break; sleep 0.05; done; cat '\(folder)/\(file)'"
      ).output
    }
    #expect(try wait(for: "verify return", in: "said").contains("verify return"), "its handshake is done")
    try certificates.make("two")
    kill(gateway.pid, SIGHUP)
    #expect(!gateway.line(with: "certificate read again").isEmpty)
    #expect(try certificates.shown(by: gateway) == "two")
    _ = try Shell.run("printf 'Connection: close\\r\\n\\r\\n' >'\(folder)/rest'")
    let answer = try wait(for: "^HTTP", in: "answer")
    #expect(answer.hasPrefix("HTTP/1.1 200 "), "\(answer)")
  }

  @Test func `takes a new one up by itself, and no broken one`() throws {
    let certificates = try Certificates()
    let gateway = try RunningGateway(arguments: certificates.options)
    _ = try Shell.run("echo nonsense >'\(certificates.folder)/key.pem'")
    #expect(!gateway.line(with: "the certificate can't be used; the one before serves on").isEmpty)
    #expect(try certificates.shown(by: gateway) == "one")
    try certificates.make("two")
    #expect(!gateway.line(with: "certificate read again").isEmpty)
    #expect(try certificates.shown(by: gateway) == "two")
  }

  @Test func `is asked by the command as far as it is trusted`() throws {
    let certificates = try Certificates()
    let gateway = try RunningGateway(arguments: certificates.options)
    let apus = "env -i HOME=/tmp PATH=/usr/bin:/bin '\(try BuiltProgram.path("apus"))'"
    func run(_ arguments: String) throws -> (output: String, status: CInt) {
      try Shell.run("\(apus) \(arguments) --data '\(gateway.folder)' 2>&1")
    }
    #expect(try run("list").status == 0, "this machine's own needs no look at the certificate")
    let local = gateway.url.replacing("127.0.0.1", with: "localhost")
    for url in [gateway.url, local] {
      #expect(try run("list --gateway \(url) --tls-ca '\(certificates.folder)/ca.pem'").status == 0)
      #expect(try run("list --gateway \(url) --tls-no-verify").status == 0)
      let refused = try run("list --gateway \(url)")
      #expect(refused.status == 1)
      #expect(refused.output.contains("nobody whom we trust"), "\(refused.output)")
    }
    #expect(try run("list --gateway \(local) --tls-no-verify --tls-ca x").status == 2)
    #expect(try run("list --gateway https://nowhere.invalid").output.contains("there is no host nowhere.invalid"))
    let stack = "\(certificates.folder)/stack.yml"
    _ = try Shell.run("cat > '\(stack)' <<'END'\n\(RunningStack.hello)\nEND\n")
    let trust = "--gateway \(local) --tls-ca '\(certificates.folder)/ca.pem'"
    let deployed = try run("deploy -f '\(stack)' \(trust)")
    #expect(deployed.status == 0, "\(deployed.output)")
    #expect(deployed.output.contains("\(local)/function/hello"), "\(deployed.output)")
    let plain = gateway.url.replacing("https:", with: "http:")
    #expect(try run("list --gateway \(plain)").output.contains("https://"))
  }

  @Test(arguments: [
    "ftp://a", "a", "https://", "https://a/path", "https://a:b", "https://a:99999", "https://a b", "https://-a",
    "http://a@b", "https://a?b",
  ]) func `has a URL of a host and a port`(url: String) throws {
    let apus = "env -i HOME=/tmp PATH=/usr/bin:/bin '\(try BuiltProgram.path("apus"))'"
    let answer = try Shell.run("\(apus) list --data /nowhere --gateway '\(url)' 2>&1")
    #expect(answer.status == 1)
    #expect(answer.output.contains("is no gateway that apus can ask"), "\(answer.output)")
  }

  @Test(arguments: [
    (["--bind-address", "0.0.0.0"], "will not listen on 0.0.0.0:0 without TLS"),
    (["--tls-certificate", "/nowhere.pem"], "--tls-certificate needs --tls-key"),
    (["--tls-key", "/nowhere.pem"], "--tls-key needs --tls-certificate"),
    (["--bind-address", "0.0.0.0", "--tls-certificate", "/nowhere.pem", "--tls-key", "/nowhere.key"], "/nowhere.pem"),
  ]) func `is needed for a public address, and must be there`(options: [String], reason: String) throws {
    let folder = try Shell.temporaryFolder()
    let program = try Program("apus-gateway", ["--data", folder, "--port", "0"] + options)
    #expect(!program.line(with: reason).isEmpty)
    #expect(try program.end(0).cause == .status(1))
    _ = try Shell.run("rm -rf '\(folder)'")
  }
}
