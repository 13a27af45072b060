import ApusHTTP
import ApusIO
import ApusTLS
import Glibc

extension GatewayClient {
  func unreachable(_ error: any Error) -> CommandError {
    if case .system(let system) = error as? IOError, system.isRefusal { return notRunning }
    if case .io(.system(let system)) = error as? HTTPError, system.isRefusal { return notRunning }
    if let tls = error as? TLSError { return untrusted(tls) }
    return CommandError(
      "the gateway at \(place.url) does not answer: \(error). Its log says more, or it is no gateway",
      concernsAll: true)
  }

  private func untrusted(_ error: TLSError) -> CommandError {
    let advice = error.kind == .unknownAuthority ? ". --tls-ca takes that file" : ""
    return CommandError("\(error)\(advice)", concernsAll: true)
  }

  private var notRunning: CommandError {
    CommandError(
      "no gateway listens at \(place.url): start one with `apus up`, or name the one that you mean with --gateway",
      concernsAll: true)
  }

  /// Passes on whatever is not about who asks.
  func checked(_ answer: GatewayAnswer) throws(CommandError) -> GatewayAnswer {
    switch answer.status {
    case 401 where place.authorization == nil:
      throw CommandError(
        "the gateway at \(place.url) wants credentials, and there are none: name its data folder with --data,"
          + " run as the user who started it, put a token into APUS_TOKEN, or log in with faas-cli",
        concernsAll: true)
    case 401:
      throw CommandError(
        "the gateway at \(place.url) does not know these credentials: it may keep its data elsewhere (--data)",
        concernsAll: true)
    case 403: throw CommandError("these credentials may not do that: \(answer.refusal)", isForbidden: true)
    default: return answer
    }
  }

  static func refused(_ answer: GatewayAnswer) -> CommandError {
    CommandError(answer.text.isEmpty ? "the gateway answered \(answer.status)" : answer.refusal)
  }
}

extension SystemError {
  fileprivate var isRefusal: Bool { code == ECONNREFUSED }
}
