package import Apus
import ApusAccounts
import ApusJSON
import ApusModel

/// The members of a request's JSON object, of which only those that the route knows may be there.
package struct AccountBody: Sendable {
  private let document: ApusJSON.JSON

  package init(_ request: Request, only names: Set<String>) async throws {
    let bytes = try await request.body.collect(limit: AccountLimits.bodyBytes)
    do {
      document = try ApusJSON.JSON.parse(bytes, limits: JSONCodec.Limits(depth: 4))
    } catch {
      throw Problem(.badRequest, "The content is not JSON that can be read", detail: "\(error)")
    }
    guard let members = document.objectValue else {
      throw Problem(.badRequest, "The content is no JSON object", detail: "Send an object, by `{`.")
    }
    for (name, _) in members where !names.contains(name) {
      let known = names.sorted().joined(separator: ", ")
      throw Problem(
        .badRequest, "The content has a member that is not known",
        detail: "It is \(QuotedText(name)); known here: \(known).")
    }
  }

  package func has(_ name: String) -> Bool { document[name].map { !$0.isNull } ?? false }

  package func text(_ name: String) throws -> String {
    guard let text = document[name]?.stringValue else {
      throw Problem(.badRequest, "The content has no text “\(name)”", detail: "Send it as a JSON string.")
    }
    return text
  }

  package func textOrNil(_ name: String) throws -> String? { has(name) ? try text(name) : nil }

  package func number(_ name: String, in range: ClosedRange<Int>, default usual: Int) throws -> Int {
    guard has(name) else { return usual }
    guard let number = document[name]?.integerValue, let number = Int(exactly: number), range.contains(number) else {
      throw Problem(
        .badRequest, "“\(name)” is no number that is taken", detail: "Send \(range.lowerBound) to \(range.upperBound).")
    }
    return number
  }
}
