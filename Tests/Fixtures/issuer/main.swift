import Apus
import Glibc

// An issuer of JWTs whose keys are in a variable, and a function that tells what reached it about its caller.

serve { (request: Request, context: Context) in
  if request.path == "/.well-known/jwks.json" {
    let keys = getenv("JWKS").map { String(cString: $0) } ?? ""
    return Response(
      keys.isEmpty ? .notFound : .ok, headers: ["Content-Type": "application/json"], body: Array(keys.utf8))
  }
  let names = [
    "Authorization", "X-Apus-Subject", "X-Apus-Scopes", "X-Forwarded-For", "X-Forwarded-Proto", "X-Forwarded-Host",
    "Forwarded",
  ]
  var lines = names.map { "\($0): \(request.headers.values($0).joined(separator: " | "))" }
  lines.append("client: \(context.clientAddress ?? "")")
  return .text(lines.joined(separator: "\n"))
}
