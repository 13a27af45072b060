import ApusJSON
import Glibc
import Instruments
import Testing

/// Functions that are programs in another language, which open a port and know nothing of us.
@Suite(.serialized) struct `A program that opens a port` {
  @Test func `needs the machine's network, and is told which line to add`() throws {
    let gateway = try RunningGateway()
    let answer = try gateway.deployForeign("foreign", #","annotations":{"com.apus.start":"tcp"}"#)
    #expect(answer.status == 400)
    #expect(answer.body.contains("add com.apus.network: host"), "\(answer.body)")
  }

  @Test func `is started on a free port, and answers calls as any function does`() throws {
    let gateway = try RunningGateway()
    #expect(try gateway.deployForeign("foreign", RunningGateway.port()).status == 202)
    #expect(try gateway.curl("/function/foreign/a/b?c", "-d hi") == .init(status: 200, body: "POST /a/b?c hi"))
    let variables = try gateway.curl("/function/foreign/variables").body
    #expect(variables == "port=PORT bind_address=127.0.0.1 LISTEN_FDS=- APUS_READY_FD=- fprocess=-")
  }

  @Test func `has an init before it, so that it ends when it is asked to`() throws {
    let gateway = try RunningGateway()
    #expect(try gateway.deployForeign("foreign", RunningGateway.port()).status == 202)
    let first = try gateway.curl("/function/foreign/pid").body.split(separator: " ")
    if try gateway.has("processes") { #expect(first[0] == "2") }
    #expect(try gateway.admin("/system/scale-function/foreign", #"-d '{"replicas":0}'"#).status == 202)
    // It traps nothing: as a namespace's first process it would not hear SIGTERM, and be killed ten seconds later.
    let gone = gateway.line(with: "replica gone")
    #expect(gone.contains(try gateway.has("processes") ? "exit status 143" : "signal 15"), "\(gone)")
  }

  @Test func `gets no call before it says that it is well`() throws {
    let gateway = try RunningGateway()
    #expect(try gateway.deployForeign("foreign", #","envVars":{"late":"0.5"}"# + RunningGateway.port()).status == 202)
    #expect(try gateway.curl("/function/foreign/x") == .init(status: 200, body: "GET /x "))
    let ready = try JSON.parse(Array(gateway.line(with: "replica ready").utf8))
    #expect(ready["seconds"]?.doubleValue ?? 0 >= 0.5)
  }

  @Test func `that takes its time is waited for as long as the caller or the deployment says, which is told`() throws {
    let gateway = try RunningGateway()
    let members = #","envVars":{"late":"600"}"# + RunningGateway.port(#","com.apus.timeout":"2s""#)
    #expect(try gateway.deployForeign("foreign", members).status == 202)
    let asked = try gateway.curl("/function/foreign/x", "-H 'X-Timeout: 300ms'")
    #expect(asked.status == 504)
    #expect(asked.body.contains("within the 300ms that X-Timeout asked for"), "\(asked.body)")
    let own = try gateway.curl("/function/foreign/x")
    #expect(own.status == 504)
    #expect(own.body.contains("its timeout of 2s") && own.body.contains("raise com.apus.timeout"), "\(own.body)")
  }

  @Test func `that is never well is given up, and that is said`() throws {
    let gateway = try RunningGateway()
    let members = #","envVars":{"late":"600"}"# + RunningGateway.port(#","com.apus.start-timeout":"5s""#)
    #expect(try gateway.deployForeign("foreign", members).status == 202)
    let answer = try gateway.admin("/function/foreign/x")
    #expect([502, 503].contains(answer.status))
    #expect(answer.body.isEmpty == false)
    let cause = try gateway.status("foreign")["rollout"]?.stringValue ?? ""
    #expect(cause.contains("not ready within 5s (/_/health answers 503), so it was killed"), "\(cause) \(answer.body)")
  }

  @Test func `can be what envProcess names, with its arguments`() throws {
    let gateway = try RunningGateway()
    let members = #","envProcess":"python3 ./server.py x""# + RunningGateway.port()
    #expect(try gateway.deployForeign("foreign", members, file: "server.py").status == 202)
    #expect(try gateway.curl("/function/foreign/x").body == "GET /x ")
    for (process, says) in [
      ("/usr/bin/python3 server.py", "outside of the artefact"), ("../server.py", "outside of the artefact"),
      ("nothing", "nothing, which is no program"), ("./nothing", "./nothing, which is no program"),
    ] {
      let body = #"{"service":"other","image":"foreign:latest","envProcess":"\#(process)"\#(RunningGateway.port())}"#
      let answer = try gateway.admin("/system/functions", "-d '\(body)'")
      #expect(answer.status == 400 && answer.body.contains(says), "\(process): \(answer.body)")
    }
  }

  @Test func `of other people's that speaks no HTTP needs the watchdog, and is told so`() throws {
    let folder = try Shell.temporaryFolder()
    defer { _ = try? Shell.run("rm -rf '\(folder)'") }
    _ = try Shell.run("cp '\(try BuiltProgram.path("apus-gateway"))' '\(folder)/apus-gateway'")
    let gateway = try RunningGateway(program: "\(folder)/apus-gateway")
    let answer = try gateway.deployForeign("foreign", #","envProcess":"./server.py""#, file: "server.py")
    #expect(answer.status == 400)
    #expect(answer.body.contains("apus-watchdog") && answer.body.contains("com.apus.start: tcp"), "\(answer.body)")
  }

  @Test func `is left to the watchdog that lies beside the gateway`() throws {
    // A function stands in for it, which tells what it was started with.
    let folder = try Shell.temporaryFolder()
    defer { _ = try? Shell.run("rm -rf '\(folder)'") }
    for (program, name) in [("apus-gateway", "apus-gateway"), ("witness", "apus-watchdog")] {
      _ = try Shell.run("cp '\(try BuiltProgram.path(program))' '\(folder)/\(name)'")
    }
    let gateway = try RunningGateway(program: "\(folder)/apus-gateway")
    let members = #","envProcess":"./server.py now""#
    #expect(try gateway.deployForeign("foreign", members, file: "server.py").status == 202)
    #expect(try gateway.curl("/function/foreign", "-d 'variable fprocess'").body == "./server.py now")
    if try gateway.has("mounts") {
      #expect(try gateway.curl("/function/foreign", "-d 'list /home/app'").body == "server.py")
    }
    if try gateway.has("processes") {
      #expect(try gateway.curl("/function/foreign", "-d 'read /proc/1/comm'").body == "apus-watchdog\n")
    }
  }

  @Test func `tells its callers no more than a reference if it crashes, and those who may know the rest`() throws {
    let gateway = try RunningGateway()
    #expect(try gateway.deployForeign("foreign", #","envVars":{"fails":"1"}"# + RunningGateway.port()).status == 202)
    let stranger = try gateway.curl("/function/foreign/x")
    #expect([502, 503].contains(stranger.status))
    #expect(!stranger.body.contains("12345") && !stranger.body.contains("exit status"), "\(stranger.body)")
    let reference = stranger.body.split(separator: " ").drop { $0 != "(reference" }.dropFirst().first?.prefix {
      $0 != ","
    }
    let line = gateway.line(with: String(try #require(reference)))
    #expect(line.contains("exit status 3") && line.contains("12345"), "\(line)")
    let known = try gateway.admin("/function/foreign/x")
    #expect([502, 503].contains(known.status))
    #expect(known.body.contains("exit status 3") && known.body.contains("the key of the database is 12345"))
    let wrong = try gateway.curl("/function/foreign/x", "-u admin:wrong")
    #expect(!wrong.body.contains("12345") && wrong.body.contains("(reference "), "\(wrong.body)")
  }

  @Test func `gets more replicas as it takes more processor time, where it asks for that`() throws {
    let gateway = try RunningGateway()
    let labels = ["type": "cpu", "target": "100", "max": "3"].map { #""com.openfaas.scale.\#($0)":"\#($1)""# }
    let members = #","labels":{\#(labels.joined(separator: ","))}"# + RunningGateway.port()
    #expect(try gateway.deployForeign("foreign", members).status == 202)
    for _ in 0..<4 { #expect(try gateway.curl("/function/foreign/spin").body == "spun") }
    #expect(try gateway.metric(#"apus_replica_starts_total{function_name="foreign.openfaas-fn"}"#) ?? 0 >= 2)
  }

  @Test func `has its use of the machine told to those who ask`() throws {
    let gateway = try RunningGateway()
    #expect(try gateway.deployForeign("foreign", RunningGateway.port()).status == 202)
    #expect(try gateway.curl("/function/foreign/x").status == 200)
    #expect(try gateway.status("foreign")["usage"] == nil)
    let before = try #require(try gateway.status("foreign", "?usage=1")["usage"])
    #expect(before["totalMemoryBytes"]?.integerValue ?? 0 > 1 << 20, "python takes some megabytes")
    #expect(try gateway.curl("/function/foreign/spin").body == "spun")
    let list = try JSON.parse(Array(try gateway.admin("/system/functions?usage=1").body.utf8))
    let cpu = list[0]?["usage"]?["cpu"]?.doubleValue ?? list[0]?["usage"]?["cpu"]?.integerValue.map { Double($0) }
    // A second of one processor, in a little more than a second; other tests may have taken their share.
    #expect(cpu ?? 0 > 200, "\(cpu as Any)")
    #expect(try gateway.admin("/system/scale-function/foreign", #"-d '{"replicas":0}'"#).status == 202)
    #expect(try gateway.isAsleep("foreign"))
    #expect(try gateway.status("foreign", "?usage=1")["usage"] == nil)
  }
}
