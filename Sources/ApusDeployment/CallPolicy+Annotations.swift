import ApusModel

extension CallPolicy {
  init(annotations: [String: String], envVars: [String: String], problems: inout [DeploymentProblem]) {
    let annotations = SettingReader(annotations, at: FieldPath("annotations"))
    let defaults = CallPolicy()
    let ownTimeout = annotations.duration(SettingKey.timeout, &problems)
    let timeout = ownTimeout ?? Self.watchdogTimeout(envVars, &problems) ?? defaults.timeout
    self.init(
      timeout: timeout,
      streamTimeout: annotations.duration(SettingKey.streamTimeout, &problems) ?? defaults.streamTimeout,
      access: Self.access(annotations, &problems))
  }

  /// Zero means no limit to a watchdog; a gateway always has one, so its default stands.
  private static func watchdogTimeout(
    _ envVars: [String: String], _ problems: inout [DeploymentProblem]
  ) -> Duration? {
    let variables = SettingReader(envVars, at: FieldPath("envVars"), severity: .warning)
    return variables.seconds("exec_timeout", &problems)
  }

  /// An access that cannot be read is an error, so that what stands in its place here never opens a function.
  private static func access(_ annotations: SettingReader, _ problems: inout [DeploymentProblem]) -> Access {
    let kinds = [("public", "public"), ("token", "token"), ("jwt", "jwt")]
    let kind = annotations.choice(SettingKey.access, kinds, &problems)
    let issuer = issuer(annotations, &problems)
    switch (kind, annotations.text(SettingKey.issuer)) {
    case ("jwt", nil):
      annotations.report(
        SettingKey.access, "jwt needs the function that issues the tokens; add \(SettingKey.issuer): authenticate",
        &problems)
      return .token
    case ("jwt", _):
      return issuer.map { .jwt(issuer: $0) } ?? .token
    case (_, _?):
      annotations.report(
        SettingKey.issuer, "it has no effect without \(SettingKey.access): jwt; add that, or remove this", &problems)
    case (_, nil):
      break
    }
    let isOpen = kind == "public" || annotations.text(SettingKey.access) == nil
    return isOpen ? .anyone : .token
  }

  private static func issuer(_ annotations: SettingReader, _ problems: inout [DeploymentProblem]) -> FunctionName? {
    guard let text = annotations.text(SettingKey.issuer) else { return nil }
    do throws(NameError) {
      return try FunctionName(text)
    } catch {
      annotations.report(SettingKey.issuer, error.description, &problems)
      return nil
    }
  }
}
