import ApusDeployment
import Glibc

/// `apus-watchdog`, which speaks HTTP for programs that do not: it is started in their place, with `fprocess`.
package struct Watchdog: Sendable {
  /// Inside, beside nothing.
  static let place = "/apus-watchdog"
  let path: String

  /// The one at `path`, whether it is there or not.
  package init(at path: String) {
    self.path = path
  }

  /// Where it is installed: beside the program that runs.
  package static func besideUs() -> Watchdog {
    var bytes = [CChar](repeating: 0, count: 4096)
    let count = readlink("/proc/self/exe", &bytes, bytes.count)
    let own = String(decoding: bytes.prefix(max(0, count)).map(UInt8.init(bitPattern:)), as: UTF8.self)
    let folder = own.lastIndex(of: "/").map { own[..<$0] } ?? "."
    return Watchdog(at: "\(folder)/apus-watchdog")
  }

  var isInstalled: Bool { access(path, X_OK) == 0 }

  /// To whoever deploys what can't be started without it.
  var absence: APIError {
    APIError(
      status: 400, "no-watchdog",
      "envProcess and mode: static need the program apus-watchdog, and there is none at \(path). Install it there; or"
        + " pack a program"
        + " named handler, which answers HTTP by itself; or add the annotations com.apus.start: tcp and"
        + " com.apus.network: host, if what envProcess names listens on the port in its variable port")
  }
}

extension Deployment {
  /// Its files are what it answers with (the watchdog's mode `static`), so there is no program to name.
  var isStaticSite: Bool { envProcess?.isEmpty != false && envVars["mode"] == "static" }
}
