import Apus
import CreateAccount

let function = CreateAccount()
serve(function.handler, hooks: Hooks(start: { try await function.start() }))
