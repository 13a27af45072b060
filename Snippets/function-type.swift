import Apus

@main struct Greeter: Function {
  private let names = ["Ada", "Grace"]

  func handle(_ request: Request, _ context: Context) async throws -> Response {
    guard let number = request.queryValue("number").flatMap({ Int($0) }), names.indices.contains(number) else {
      throw Problem(.badRequest, "Which number?", detail: "Send ?number=0 to \(names.count - 1).")
    }
    return .text("Hello, \(names[number])!\n")
  }
}
