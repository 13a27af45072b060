import Apus
import Authenticate

let function = Authenticate()
serve(function.handler, hooks: Hooks(start: { try await function.start() }))
