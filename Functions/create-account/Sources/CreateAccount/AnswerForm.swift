import Apus

/// What a caller takes: `Accept` (RFC 9110 section 12.5.1) over the three forms that there are.
struct AnswerForm {
  enum Form: String, CaseIterable {
    case json = "application/json"
    case png = "image/png"
    case svg = "image/svg+xml"
  }

  /// The weight of each form, in thousandths.
  private let weights: [Form: Int]

  init(_ request: Request) {
    let ranges = request.headers.values("Accept").flatMap { $0.split(separator: ",") }.map(AnswerForm.range)
    weights = Form.allCases.reduce(into: [:]) { weights, form in
      let kind = form.rawValue.prefix { $0 != "/" } + "/*"
      // The most specific range that fits says how much.
      let fitting = [form.rawValue, String(kind), "*/*"].lazy.compactMap { name in ranges.first { $0.name == name } }
      weights[form] = ranges.isEmpty ? (form == .json ? 1_000 : 0) : fitting.first?.weight ?? 0
    }
  }

  /// Before anything is made: credentials that nobody can read would be lost.
  func demandJSON() throws {
    guard weights[.json] ?? 0 > 0 else {
      throw Problem(
        .notAcceptable, "Credentials are answered as JSON alone",
        detail: "Accept application/json; an image exists for `delivery: claim` alone.")
    }
  }

  /// The form with the largest weight, JSON first.
  func demandAny() throws -> Form {
    let best = Form.allCases.max { (weights[$0] ?? 0, $0 == .json ? 1 : 0) < (weights[$1] ?? 0, $1 == .json ? 1 : 0) }
    guard let best, weights[best] ?? 0 > 0 else {
      throw Problem(
        .notAcceptable, "A claim is answered as JSON, PNG or SVG",
        detail: "Accept one of \(Form.allCases.map(\.rawValue).joined(separator: ", ")).")
    }
    return best
  }

  private static func range(_ text: Substring) -> (name: String, weight: Int) {
    let parts = text.split(separator: ";").map { $0.filter { $0 != " " && $0 != "\t" }.lowercased() }
    let weight = parts.dropFirst().first { $0.hasPrefix("q=") }.map { thousandths($0.dropFirst(2)) } ?? 1_000
    return (parts.first ?? "", weight)
  }

  /// `0.7` is 700; what is no weight counts as none.
  private static func thousandths(_ text: Substring) -> Int {
    let halves = text.split(separator: ".", maxSplits: 1, omittingEmptySubsequences: false)
    guard let whole = halves.first.flatMap({ Int($0) }), 0...1 ~= whole else { return 0 }
    let digits = halves.count > 1 ? String(halves[1].prefix(3)) : ""
    let fraction = Int(digits + String(repeating: "0", count: 3 - digits.utf8.count)) ?? 0
    return min(1_000, whole * 1_000 + max(0, fraction))
  }
}
