import Apus

serve { (request: Request, context: Context) in
  let token = try context.secret("api-token").text
  guard let token, request.headers["Authorization"] == "Bearer \(token)" else {
    throw Problem(.unauthorized, "Who are you?", headers: ["WWW-Authenticate": "Bearer"])
  }
  context.log.info("let in", ["from": context.clientAddress ?? "unknown"])
  return .text("call \(context.callID) has \(context.timeLeft) left\n")
}
