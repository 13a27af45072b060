import Apus

extension Problem {
  /// A request that can be read but not answered, and which of its fields is why.
  static func field(_ name: String, _ title: String, _ detail: String) -> Problem {
    Problem(.unprocessable, title, detail: detail, members: ["field": name])
  }
}
