package import ApusAccess
import ApusDeployment
import ApusHTTP
import ApusJSON
import ApusModel

/// One call of the gateway's own routes, as an endpoint sees it: read, and its caller known.
package struct APICall: Sendable {
  /// What the route's pattern left open: `NAME` of `/system/function/NAME`.
  package let rest: String
  package let query: APIQuery
  package let body: [UInt8]
  package let caller: Caller
  /// The part of the target behind `?`, for readers with rules of their own.
  package let rawQuery: String?

  package init(rest: String, query: APIQuery, body: [UInt8], caller: Caller, rawQuery: String? = nil) {
    self.rest = rest
    self.query = query
    self.body = body
    self.caller = caller
    self.rawQuery = rawQuery
  }

  /// Who did it, for the audit.
  var actor: String { caller.subjectField ?? "anybody" }

  /// The body as a JSON object.
  func json() throws(APIError) -> JSON {
    do throws(JSONError) {
      let json = try JSON.parse(body)
      if json.objectValue != nil { return json }
    } catch {
      throw APIError(status: 400, "bad-json", "the body can't be read as JSON: \(error)")
    }
    throw APIError(status: 400, "bad-json", "the body is not a JSON object: send one, such as {\"name\":\"…\"}")
  }

  /// A member of the body that is a text; nil where there is none, or null, which is the same to a Go program.
  ///
  /// Anything else is refused: what is passed over silently could make a call be about something else.
  func text(_ key: String, of body: JSON) throws(APIError) -> String? {
    var problems: [DeploymentProblem] = []
    let text = JSONFields(body, problems: &problems).text(key, &problems)
    guard problems.isEmpty else { throw APIError(status: 400, "bad-json", DeploymentError(problems).description) }
    return text
  }

  /// The namespace that the call is about: its body's, else its query's, else the default one.
  ///
  /// faas-cli has had it in the query and has it in the body now; providers of OpenFaaS read one or the other.
  func namespace(_ body: JSON? = nil) throws(APIError) -> String {
    var named: String?
    if let body { named = try text("namespace", of: body) }
    if named?.isEmpty ?? true { named = query["namespace"] }
    guard let named, !named.isEmpty else { return FunctionName.defaultNamespace }
    do throws(NameError) {
      try DNSName.checkLabel(named, subject: "namespace")
    } catch {
      throw APIError(status: 400, "bad-name", "\(error)")
    }
    return named
  }

  /// A function that a body or path names, in the call's namespace.
  func functionName(_ text: String, _ body: JSON? = nil) throws(APIError) -> FunctionName {
    let namespace = try namespace(body)
    do throws(NameError) {
      return try FunctionName(text, default: namespace)
    } catch {
      throw APIError(status: 400, "bad-name", "\(error)")
    }
  }
}
