import Apus

/// What a caller takes: `Accept` (RFC 9110 section 12.5.1) over the three forms that there are.
struct AnswerForm {
  enum Form: String, CaseIterable {
    case json = "application/json"
    case png = "image/png"
    case svg = "image/svg+xml"
  }

  private let accept: Accept

  init(_ request: Request) { accept = Accept(request.headers.values("Accept")) }

  /// Before anything is made: credentials that nobody can read would be lost.
  func demandJSON() throws {
    guard accept.weight(of: Form.json.rawValue) > 0 else {
      throw Problem(
        .notAcceptable, "Credentials are answered as JSON alone",
        detail: "Accept application/json; an image exists for `delivery: claim` alone.")
    }
  }

  /// The form that is liked best; JSON if any will do.
  func demandAny() throws -> Form {
    guard let best = accept.best(of: Form.allCases.map(\.rawValue)).flatMap(Form.init) else {
      throw Problem(
        .notAcceptable, "A claim is answered as JSON, PNG or SVG",
        detail: "Accept one of \(Form.allCases.map(\.rawValue).joined(separator: ", ")).")
    }
    return best
  }
}
