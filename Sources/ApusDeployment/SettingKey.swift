/// The keys of labels and annotations that Apus acts upon.
package enum SettingKey {
  /// Keys that begin so are ours alone.
  static let ownPrefix = "com.apus."
  static let scalePrefix = "com.openfaas.scale."

  static let scaleMin = "com.openfaas.scale.min"
  static let scaleMax = "com.openfaas.scale.max"
  static let scaleZero = "com.openfaas.scale.zero"
  static let scaleZeroDuration = "com.openfaas.scale.zero-duration"
  static let scaleType = "com.openfaas.scale.type"
  static let scaleTarget = "com.openfaas.scale.target"
  static let scaleTargetProportion = "com.openfaas.scale.target-proportion"
  static let scaleDownWindow = "com.openfaas.scale.down.window"

  static let timeout = "com.apus.timeout"
  static let streamTimeout = "com.apus.stream-timeout"
  static let access = "com.apus.access"
  static let issuer = "com.apus.jwt.function"
  static let start = "com.apus.start"
  static let startTimeout = "com.apus.start-timeout"
  static let network = "com.apus.network"
  static let generatedSecret = "com.apus.secret.generate"
  /// Followed by the volume's name.
  static let volumePrefix = "com.apus.volume."

  /// All annotations that Apus acts upon.
  package static let annotations = [
    timeout, streamTimeout, access, issuer, start, startTimeout, network, generatedSecret, volumePrefix + "NAME",
  ]

  /// `com.openfaas.scale.factor` is about alerts, which say how much to scale by themselves here; it is no mistake.
  package static let scaleLabels = [
    scaleMin, scaleMax, scaleZero, scaleZeroDuration, scaleType, scaleTarget, scaleTargetProportion, scaleDownWindow,
    "com.openfaas.scale.factor",
  ]
}
