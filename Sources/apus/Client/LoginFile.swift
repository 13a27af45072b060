import ApusIO
import ApusYAML

/// `~/.openfaas/config.yml`: what `faas-cli login` keeps for each gateway.
enum LoginFile {
  /// What `Authorization` has to say to the gateway at `url`; nil if nobody logged in there.
  static func authorization(for url: String, _ environment: ProcessEnvironment = .current()) -> String? {
    guard let home = environment["HOME"],
      let bytes = try? Terminal.readFile("\(home)/.openfaas/config.yml", limit: 1 << 20),
      let entries = try? YAMLParser.parse(bytes: bytes).first?["auths"]?.items,
      let entry = entries.first(where: { $0["gateway"]?.text.map(bare) == bare(url) }),
      let token = entry["token"]?.text, !token.isEmpty
    else { return nil }
    return entry["auth"]?.text == "basic" ? "Basic \(token)" : "Bearer \(token)"
  }

  private static func bare(_ url: String) -> String {
    url.hasSuffix("/") ? String(url.dropLast()) : url
  }
}
