import ApusIO
import ApusJSON
import Glibc

/// The gateway's data folder on this machine, as far as its clients may read it.
struct LocalData {
  let path: String
  /// Somebody named it, so that its credentials are meant for whatever gateway is asked.
  let isChosen: Bool

  /// Where `apus-gateway` keeps its data unless told otherwise, which is documented in docs/ENVIRONMENT.md.
  init(_ chosen: String?, _ environment: ProcessEnvironment = .current()) {
    isChosen = chosen != nil
    if let chosen {
      path = chosen
    } else if geteuid() == 0 {
      path = "/var/lib/apus"
    } else {
      let base = environment["XDG_DATA_HOME"].flatMap { $0.hasPrefix("/") ? $0 : nil }
      path = (base ?? "\(environment["HOME"] ?? "/tmp")/.local/share") + "/apus"
    }
  }

  var nameFile: String { "\(path)/auth/basic-auth-user" }
  var passwordFile: String { "\(path)/auth/basic-auth-password" }

  /// Where the gateway's own key lies, which opens its secrets.
  var keyFile: String { "\(path)/state/key" }

  /// Where the gateway listens; nil if none runs on this folder.
  var gatewayURL: String? {
    guard let process = gatewayProcess, kill(process, 0) == 0 || errno == EPERM else { return nil }
    return writtenURL
  }

  /// Where the gateway says that it listens. One that was killed still says so, while its port may have become a
  /// stranger's, who must not be sent its password.
  var writtenURL: String? { endpoints?["gateway"]?.stringValue }

  /// The process that says so.
  var gatewayProcess: pid_t? { endpoints?["pid"]?.integerValue.flatMap { pid_t(exactly: $0) } }

  private var endpoints: JSON? {
    guard let bytes = try? Terminal.readFile("\(path)/run/endpoints.json", limit: 65_536) else { return nil }
    return try? JSON.parse(bytes)
  }

  /// The administrator's name; nil if its file is not there or not ours to read.
  var administrator: String? { word(nameFile) }

  /// What `Authorization` has to say; nil if the files are not there or not ours to read.
  var authorization: String? {
    guard let name = word(nameFile), let password = word(passwordFile) else { return nil }
    return "Basic " + Base64.encode(Array("\(name):\(password)".utf8))
  }

  private func word(_ file: String) -> String? {
    guard let bytes = try? Terminal.readFile(file, limit: 4096) else { return nil }
    let text = bytes.drop { $0 <= 0x20 }.prefix { $0 > 0x20 }
    return text.isEmpty ? nil : String(decoding: text, as: UTF8.self)
  }
}
