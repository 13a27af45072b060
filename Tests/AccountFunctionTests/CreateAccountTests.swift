import Apus
import ApusAccounts
import ApusJSON
import ApusTesting
import Instruments
import Testing

@Suite struct `create-account` {
  @Test func `answers credentials once, and no cache keeps them`() async throws {
    let counter = try Counter()
    let answer = try await counter.create(#"{"login":"Ada"}"#)
    #expect(answer.status == .created)
    #expect(answer.headers["Cache-Control"] == "no-store")
    let made = try Made(answer)
    #expect(made.document["expires_at"]?.stringValue == "2027-07-15T08:00:00Z")
    #expect(made.document["activate_before"]?.stringValue == "2027-01-15T08:15:00Z")
    #expect(made.document["account_id"]?.stringValue?.utf8.count == 26)
    #expect(made.password.utf8.count == 24 && made.secret.count == 20 && made.recoveryCodes.count == 10)
    let uri = try #require(made.document["totp"]?["uri"]?.stringValue)
    #expect(EnrolmentURI(uri)?.secret == made.secret)
    for part in ["password", "totp"] {
      let images = made.document[part]?["qr"]
      #expect(images?["png"]?.stringValue?.hasPrefix("data:image/png;base64,iVBOR") == true)
      #expect(images?["svg"]?.stringValue?.hasPrefix("<svg ") == true)
    }
    let members = made.document.objectValue?.map(\.key) ?? []
    #expect(members == ["login", "account_id", "expires_at", "activate_before", "password", "totp", "recovery_codes"])
  }

  @Test(.enabled(if: Oracle.has("zbarimg"), "zbarimg is not here"))
  func `answers images that hold the texts, in the eyes of zbarimg`() async throws {
    let counter = try Counter()
    let made = try Made(try await counter.create(#"{"login":"Ada","qr_size":400}"#))
    let expected = [("password", made.password), ("totp", made.document["totp"]?["uri"]?.stringValue ?? "")]
    for (part, text) in expected {
      let png = try #require(made.document[part]?["qr"]?["png"]?.stringValue).drop { $0 != "," }.dropFirst()
      let read = try Oracle.run(
        "f=$(mktemp); base64 -d > $f && zbarimg --raw -q --nodbus -Sdisable -Sqrcode.enable $f; rm -f $f",
        input: Array(png.utf8))
      #expect(read == text + "\n")
    }
  }

  @Test func `says that a login is taken, or that it breaks which rule`() async throws {
    let counter = try Counter()
    _ = try await counter.create(#"{"login":"ada"}"#)
    let taken = try await counter.create(#"{"login":"ADA"}"#)
    #expect(taken.status == .conflict && taken.problem == "login-taken")
    let refused = try await counter.create(#"{"login":"a\u0000da"}"#)
    #expect(refused.status == .badRequest && refused.problem == "login-refused")
    #expect(try refused.json["rule"]?.stringValue == "control-character")
  }

  @Test func `answers an image-only caller 406 before anything is made`() async throws {
    let counter = try Counter()
    for accept in ["image/png", "image/*", "image/svg+xml, text/html", "application/json;q=0, image/png"] {
      #expect(try await counter.create(#"{"login":"ada"}"#, headers: ["Accept": accept]).status == .notAcceptable)
    }
    for accept in ["application/json", "*/*", "application/*, image/png", "image/png, application/json;q=0.1"] {
      let answer = try await counter.create(#"{"login":"ada\#(accept.utf8.count)"}"#, headers: ["Accept": accept])
      #expect(answer.status == .created)
    }
  }

  @Test(
    arguments: [
      "", "{", "[]", "7", #"{}"#, #"{"login":7}"#, #"{"login":null}"#, #"{"login":"ada","renewal":"x"}"#,
      #"{"login":"ada","more":1}"#, #"{"login":"ada","delivery":"post"}"#, #"{"login":"ada","qr_size":127}"#,
      #"{"login":"ada","qr_size":1025}"#, #"{"login":"ada","qr_size":"big"}"#, #"{"login":"ada","login":"bob"}"#,
      "[[[[[[[[[[]]]]]]]]]]",
    ])
  func `refuses content that makes no sense`(body: String) async throws {
    let counter = try Counter()
    #expect(try await counter.create(body).status == .badRequest)
    #expect(try await counter.accounts.list(after: "", limit: 10).isEmpty)
  }

  @Test(
    arguments: [
      // As it is written in JSON, and as it is told.
      ("more", #""more""#), ("", #""""#), (#"a\"b"#, #""a\"b""#), (#"\u0007\n\u202e"#, #""\u{7}\u{a}\u{202e}""#),
      (String(repeating: "é", count: 5_000), "\"\(String(repeating: "é", count: 80))…\""),
    ])
  func `names the member that it does not know`(name: String, told: String) async throws {
    let counter = try Counter()
    for body in [#"{"login":"ada","\#(name)":1}"#, #"{"\#(name)":1,"claim":"x"}"#] {
      let json: Headers = ["Accept": "application/json"]
      let answer = try await counter.create(body, body.contains("claim") ? "/claim" : "/", headers: json)
      #expect(answer.status == .badRequest)
      let known = body.contains("claim") ? "claim, qr_size" : "delivery, login, qr_size, renewal"
      #expect(try answer.json["detail"]?.stringValue == "It is \(told); known here: \(known).")
    }
  }

  @Test func `survives any content`() async throws {
    let counter = try Counter { $0.creationPerHour = 1 }
    var random = SeededRandom(5)
    let sample = Array(#"{"login":"ada","delivery":"direct","qr_size":320,"renewal":"AbCd"}"#.utf8)
    for _ in 0..<300 {
      var body = sample
      for _ in 0..<Int.random(in: 1...6, using: &random) {
        let index = Int.random(in: 0..<body.count, using: &random)
        if Bool.random(using: &random) {
          body[index] = UInt8.random(in: 0...255, using: &random)
        } else {
          body.remove(at: index)
        }
      }
      let answer = try await counter.create(String(decoding: body, as: UTF8.self))
      #expect([201, 400, 403, 409, 410, 429].contains(answer.status.code))
    }
    #expect(try await counter.create(String(repeating: "x", count: 20_000)).status == .contentTooLarge)
  }

  @Test func `tells who creates too many to wait`() async throws {
    let counter = try Counter { $0.creationPerHour = 1 }
    _ = try await counter.create(#"{"login":"ada"}"#)
    let answer = try await counter.create(#"{"login":"bob"}"#)
    #expect(answer.status == .tooManyRequests && answer.headers["Retry-After"] == "3600")
  }

  @Test func `asks for the scope accounts where creation is not open`() async throws {
    let counter = try Counter { $0.creation = .token }
    #expect(try await counter.create(#"{"login":"ada"}"#).status == .unauthorized)
    let other: Headers = ["X-Apus-Subject": "apus:token/1", "X-Apus-Scopes": "invoke"]
    #expect(try await counter.create(#"{"login":"ada"}"#, headers: other).status == .forbidden)
    #expect(try await counter.create(#"{"login":"ada"}"#, headers: Counter.asOperator).status == .created)
  }

  @Test func `believes nobody about scopes when it runs alone`() async throws {
    let counter = try Counter(trustsGateway: false) { $0.creation = .token }
    #expect(try await counter.create(#"{"login":"ada"}"#, headers: Counter.asOperator).status == .unauthorized)
    let body = #"{"login":"ada","delivery":"claim"}"#
    #expect(try await counter.create(body, headers: Counter.asOperator).status == .unauthorized)
    #expect(
      try await counter.authenticate(.get, "/admin/accounts", headers: Counter.asOperator).status == .unauthorized)
  }
}

@Suite struct `A claim over HTTP` {
  private static let body = #"{"login":"ada","delivery":"claim"}"#

  private func token(_ answer: Answer) throws -> String {
    let url = try #require(try answer.json["claim"]?["url"]?.stringValue)
    #expect(url.hasPrefix("https://apus.example.org/function/create-account/claim#"))
    return String(url.drop { $0 != "#" }.dropFirst())
  }

  @Test func `is a link for operators, and good once, by POST alone`() async throws {
    let counter = try Counter()
    #expect(try await counter.create(Self.body).status == .unauthorized)
    let answer = try await counter.create(Self.body, headers: Counter.asOperator)
    #expect(answer.status == .created && answer.headers["Cache-Control"] == "no-store")
    #expect(!answer.text.contains("password"))
    let token = try token(answer)
    let page = try await counter.get("/claim")
    #expect(page.status == .ok && page.headers["Content-Security-Policy"]?.contains("default-src 'none'") == true)
    let made = try Made(try await counter.create(#"{"claim":"\#(token)"}"#, "/claim"))
    #expect(try await counter.signIn(made).status == .ok)
    let again = try await counter.create(#"{"claim":"\#(token)"}"#, "/claim")
    #expect(again.status == .gone && again.problem == "gone")
  }

  @Test(arguments: [("image/png", "image/png"), ("image/svg+xml", "image/svg+xml"), ("image/*;q=0.5", "image/png")])
  func `is an image where one is asked for`(accept: String, type: String) async throws {
    let counter = try Counter()
    var headers = Counter.asOperator
    headers["Accept"] = accept
    let answer = try await counter.create(Self.body, headers: headers)
    #expect(answer.status == .created && answer.headers["Content-Type"] == type)
  }

  @Test func `needs a public address to begin with`() async throws {
    let counter = try Counter { $0.publicURL = nil }
    let answer = try await counter.create(Self.body, headers: Counter.asOperator)
    #expect(answer.status == .unprocessable && answer.problem == "no-public-url")
    #expect(try await counter.accounts.list(after: "", limit: 10).isEmpty)
  }

  @Test func `page holds its parts, in two languages`() async throws {
    let counter = try Counter()
    #expect(try await counter.get("/claim").text.contains("claim.js"))
    let script = try await counter.get("/claim.js")
    #expect(script.headers["Content-Type"] == "text/javascript; charset=utf-8")
    #expect(script.text.contains("Afficher mes identifiants") && script.text.contains("location.hash"))
    #expect(try await counter.get("/claim.css").status == .ok)
  }

  @Test(arguments: [(900, "15 minutes", "15 minutes"), (3_600, "1 hour", "1 heure"), (90, "90 seconds", "90 secondes")])
  func `page says how long there is for the first sign-in`(seconds: Int64, english: String, french: String) async throws
  {
    let counter = try Counter { $0.pendingLife = seconds }
    #expect(try await counter.get("/claim").text.contains("Sign in within \(english)."))
    #expect(try await counter.get("/claim.js").text.contains("Connectez-vous d’ici \(french)."))
    let refusal = AccountRefusal.expired(renewal: "x", endedAt: nil, life: seconds)
    #expect(refusal.problem.detail.hasSuffix("sign in with those within \(english)."))
  }
}
