package import ApusModel

extension ScalePolicy {
  /// Replicas that one function may have on one machine; each is a process.
  package static let replicaLimit = 1_000

  /// Reads the labels `com.openfaas.scale.*` and the variable `max_inflight`.
  ///
  /// Where a label is absent or has no sense, the default stands.
  init(labels: [String: String], envVars: [String: String], problems: inout [DeploymentProblem]) {
    let labels = SettingReader(labels, at: FieldPath("labels"))
    let defaults = ScalePolicy()
    let maxInflight = Self.maxInflight(envVars, &problems)

    let zero = labels.flag(SettingKey.scaleZero, &problems)
    let givenMin = labels.count(SettingKey.scaleMin, in: 0...Self.replicaLimit, &problems)
    // Without zero there is always one; a minimum that was asked for is kept warm unless zero was asked for as well.
    let min = zero == false ? Swift.max(givenMin ?? 1, 1) : givenMin ?? defaults.min
    let givenMax = labels.count(SettingKey.scaleMax, in: 1...Self.replicaLimit, &problems)
    if let givenMax, min > givenMax {
      labels.report(
        SettingKey.scaleMin,
        "at least \(min) replicas and at most \(givenMax) cannot both be; lower this, or raise "
          + SettingKey.scaleMax, &problems)
    }

    let types: [(String, ScaleType)] = [("capacity", .capacity), ("rps", .rps), ("cpu", .cpu)]
    let type = labels.choice(SettingKey.scaleType, types, &problems) ?? defaults.type
    // Only capacity counts in calls under way, as max_inflight does.
    let load = type == .capacity ? maxInflight.map(Double.init) : nil
    let target = labels.number(SettingKey.scaleTarget, upTo: 1_000_000, &problems) ?? load ?? defaults.target
    let proportion = labels.number(SettingKey.scaleTargetProportion, upTo: 1, &problems)

    let window = labels.duration(SettingKey.scaleDownWindow, &problems)
    if let window, window > .seconds(300) {
      labels.report(SettingKey.scaleDownWindow, "the window can be 5m at most; write a shorter one", &problems)
    }
    self.init(
      min: min, max: Swift.max(givenMax ?? Swift.max(defaults.max, min), min),
      scalesToZero: zero ?? (min == 0),
      zeroDuration: labels.duration(SettingKey.scaleZeroDuration, &problems) ?? defaults.zeroDuration,
      type: type, target: target, targetProportion: proportion ?? defaults.targetProportion,
      downWindow: window ?? defaults.downWindow, maxInflight: maxInflight)
  }

  /// Zero is of-watchdog's way to say "any number".
  private static func maxInflight(_ envVars: [String: String], _ problems: inout [DeploymentProblem]) -> Int? {
    let variables = SettingReader(envVars, at: FieldPath("envVars"), severity: .warning)
    let count = variables.count("max_inflight", in: 0...1_000_000, &problems)
    return count == 0 ? nil : count
  }
}
