import Testing

extension RunningGateway {
  private func command(_ words: String, _ environment: String) throws -> String {
    "env -u OPENFAAS_URL -u APUS_TOKEN APUS_DATA='\(folder)' \(environment) '\(try Program.path("apus"))' \(words)"
  }

  /// What `apus` prints about this gateway, on both streams unless `errors` go elsewhere, and its exit status; `words`
  /// as a shell reads them.
  func apus(_ words: String, errors: String = "2>&1", environment: String = "") throws -> (
    output: String, status: CInt
  ) {
    try Shell.run("cd '\(folder)' && \(command(words, environment)) \(errors)")
  }

  /// The same on a terminal, which script(1) gives it; `words` without double quotes.
  func apusOnTerminal(_ words: String) throws -> (output: String, status: CInt) {
    try Shell.run("cd '\(folder)' && script -qec \"\(command(words, ""))\" /dev/null")
  }
}
