package import ApusAccess
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

  package init(rest: String, query: APIQuery, body: [UInt8], caller: Caller) {
    self.rest = rest
    self.query = query
    self.body = body
    self.caller = caller
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

  /// The namespace that the call is about: its body's, else its query's, else the default one.
  func namespace(_ body: JSON? = nil) -> String {
    let named = body?["namespace"]?.stringValue ?? query["namespace"] ?? ""
    return named.isEmpty ? FunctionName.defaultNamespace : named
  }

  /// A function that a body or path names, in the call's namespace.
  func functionName(_ text: String, _ body: JSON? = nil) throws(APIError) -> FunctionName {
    do throws(NameError) {
      return try FunctionName(text, default: namespace(body))
    } catch {
      throw APIError(status: 400, "bad-name", "\(error)")
    }
  }
}
