import Glibc
import Testing

@Suite(.serialized) struct `A secret of a gateway` {
  @Test func `is not removed while a function uses it, and can be replaced as faas-cli does it`() throws {
    let gateway = try RunningGateway()
    let secret = { (verb: String, members: String) in
      try gateway.admin("/system/secrets", #"-X \#(verb) -d '{"name":"key"\#(members)}'"#)
    }
    #expect(try secret("POST", #","value":"first""#).status == 202)
    try gateway.deploy("witness", as: "witness", #","secrets":["key"]"#)
    try gateway.deploy("witness", as: "other", #","secrets":["key"]"#)
    let refused = try secret("DELETE", "")
    #expect(refused.status == 409)
    #expect(refused.body.contains("in use by other, witness"), "\(refused.body)")
    #expect(refused.body.contains("apus secret update key"), "\(refused.body)")
    #expect(try gateway.curl("/function/witness", "-d 'secret key'").body == "first")
    // `secret apply`: removes, creates whether that worked or not, and updates what is still there.
    #expect(try secret("POST", #","value":"second""#).status == 409)
    #expect(try secret("PUT", #","value":"second""#).status == 202)
    let call = "curl -sS -m 5 -d 'secret key' '\(gateway.url)/function/witness'"
    let answer = try Shell.run(
      "for i in $(seq 100); do a=$(\(call)); [ \"$a\" = second ] && break; sleep 0.1; done; echo $a")
    #expect(answer.output == "second\n")
    #expect(try gateway.admin("/system/functions", #"-X DELETE -d '{"functionName":"other"}'"#).status == 202)
    let body = #"{"service":"witness","image":"witness:latest"}"#
    #expect(try gateway.admin("/system/functions", "-X PUT -d '\(body)'").status == 202)
    // The version before may serve on for a moment.
    let remove = "curl -sS -o /dev/null -w '%{http_code}' \(gateway.credentials) -X DELETE -d '{\"name\":\"key\"}'"
    let removed = try Shell.run(
      "for i in $(seq 100); do s=$(\(remove) '\(gateway.url)/system/secrets'); [ $s = 202 ] && break; sleep 0.1; done;"
        + " echo $s")
    #expect(removed.output == "202\n")
    #expect(try secret("DELETE", "").status == 404)
  }

  @Test(arguments: [1_100_000, 2_500_000]) func `that is too large is told how large it may be`(bytes: Int) throws {
    let gateway = try RunningGateway()
    let make = "head -c \(bytes) /dev/zero | tr '\\0' v"
    let body = "\(gateway.folder)/body"
    _ = try Shell.run("(printf '{\"name\":\"key\",\"value\":\"'; \(make); printf '\"}') > '\(body)'")
    let answer = try gateway.admin("/system/secrets", "-X POST --data-binary @'\(body)'")
    #expect(answer.status == 413)
    #expect(answer.body.contains("1048576"), "\(answer.body)")
  }
}
