import Apus
import ApusTesting

// The function's own file has `serve(handler)`; a test takes the same handler (of routes, `routes.handler`).
let handler = Handler { (name: String, context: Context) in
  let greeting = try context.secret("greeting").text ?? "Hello"
  return "\(greeting), \(name)!"
}

let function = TestedFunction(
  handler, secrets: ["greeting": Array("Salut".utf8)], environment: ["exec_timeout": "2s"])

// Without a socket: quick, and what the handler throws becomes the answer that a caller would get.
let answer = try await function.call(Request(.post, body: Array("Ada".utf8)))
precondition(answer.status == .ok)
precondition(answer.text == "Salut, Ada!")

// Over a socket: limits, header fields and streaming are those of production.
let served = try await function.serve { served in
  try await served.call(Request(.post, headers: ["X-Call-Id": "test-1"], body: Array("Grace".utf8)))
}
precondition(served.text == "Salut, Grace!")
precondition(served.headers["X-Call-Id"] == "test-1")
