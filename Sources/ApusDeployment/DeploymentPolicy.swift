package import ApusModel

/// What a deployment's texts mean: its labels, annotations, variables and amounts, read once.
package struct DeploymentPolicy: Hashable, Sendable {
  package let scale: ScalePolicy
  package let call: CallPolicy
  package let replica: ReplicaPolicy

  /// Reads everything and finds every problem; after an error among them the policy must not be used.
  package init(_ deployment: Deployment, problems: inout [DeploymentProblem]) {
    Self.check(deployment, &problems)
    scale = ScalePolicy(labels: deployment.labels, envVars: deployment.envVars, problems: &problems)
    call = CallPolicy(annotations: deployment.annotations, envVars: deployment.envVars, problems: &problems)
    replica = ReplicaPolicy(deployment, problems: &problems)
  }

  /// - Throws: every problem at once, if one of them is an error.
  package init(_ deployment: Deployment) throws(DeploymentError) {
    var problems: [DeploymentProblem] = []
    self.init(deployment, problems: &problems)
    guard !problems.haveErrors else { throw DeploymentError(problems) }
  }

  private static func check(_ deployment: Deployment, _ problems: inout [DeploymentProblem]) {
    checkImage(deployment.image, &problems)
    let counts = [
      ("envVars", deployment.envVars.count), ("labels", deployment.labels.count),
      ("annotations", deployment.annotations.count), ("secrets", deployment.secrets.count),
      ("constraints", deployment.constraints.count),
    ]
    let limit = Deployment.entryLimit
    for (key, count) in counts where count > limit {
      problems.error(FieldPath(key), "there are \(count) entries, \(limit) are allowed; use a file or a secret")
    }
    checkVariables(deployment.envVars, &problems)
    checkKeys(deployment, &problems)
  }

  /// An image is a name that later becomes a path below the artefacts' folder.
  private static func checkImage(_ image: String, _ problems: inout [DeploymentProblem]) {
    let parts = image.split(separator: "/", omittingEmptySubsequences: false)
    let isPath = parts.contains { $0.isEmpty || $0 == "." || $0 == ".." }
    let isPlain = image.utf8.allSatisfy { byte in
      switch byte {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"): true
      case UInt8(ascii: "0")...UInt8(ascii: "9"): true
      case UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: "-"), UInt8(ascii: "/"), UInt8(ascii: ":"): true
      case UInt8(ascii: "@"): true
      default: false
      }
    }
    guard isPath || !isPlain || image.utf8.count > 255 else { return }
    let what = image.isEmpty ? "the image is empty" : "\(QuotedText(image)) is not the name of an image"
    problems.error(
      FieldPath("image"), "\(what); write NAME:TAG, with letters, digits and . _ - : @, and / between names")
  }

  /// Variables that would be lost without a word, since each start says them anew (sd_listen_fds(3)).
  static let givenAtStart: Set<String> = ["LISTEN_FDS", "LISTEN_PID", "LISTEN_FDNAMES", "APUS_READY_FD"]

  /// `execve` takes `NAME=VALUE` texts that end with a zero byte (environ(7)).
  private static func checkVariables(_ variables: [String: String], _ problems: inout [DeploymentProblem]) {
    for (name, value) in variables.sorted(by: { $0.key < $1.key }) {
      let path = FieldPath("envVars").key(name)
      if name.isEmpty || name.utf8.contains(UInt8(ascii: "=")) || name.utf8.contains(0) {
        problems.error(path, "\(QuotedText(name)) cannot be the name of a variable; use letters, digits and _")
      }
      if givenAtStart.contains(name) {
        problems.error(
          path, "\(QuotedText(name)) says which sockets a replica is handed, so the gateway alone can set it; remove it"
        )
      }
      if value.utf8.contains(0) {
        problems.error(path, "the value has a zero byte, where it would end; put it into a secret")
      }
    }
  }

  /// Only Apus reads `com.apus.*`, so one that it does not know does nothing for sure: `acess: token` would leave a
  /// function open. In OpenFaaS' own family it may be a key of another version, which is worth a warning.
  private static func checkKeys(_ deployment: Deployment, _ problems: inout [DeploymentProblem]) {
    let own = SettingKey.ownPrefix
    let scale = SettingKey.scalePrefix
    // Beyond the limit there is an error already, and no end to the suggestions.
    for key in deployment.labels.keys.sorted().prefix(Deployment.entryLimit) {
      let path = FieldPath("labels").key(key)
      if key.hasPrefix(own) {
        problems.error(path, "\(QuotedText(key)) has no effect as a label; move it to annotations")
      } else if key.hasPrefix(scale), !SettingKey.scaleLabels.contains(key) {
        problems.warning(path, unknown("label", key, scale, SettingKey.scaleLabels))
      }
    }
    for key in deployment.annotations.keys.sorted().prefix(Deployment.entryLimit) {
      let path = FieldPath("annotations").key(key)
      if key.hasPrefix(scale) {
        problems.warning(path, "\(QuotedText(key)) has no effect as an annotation; move it to labels")
      } else if key.hasPrefix(own), !key.hasPrefix(SettingKey.volumePrefix), !SettingKey.annotations.contains(key) {
        problems.error(path, unknown("annotation", key, own, SettingKey.annotations))
      }
    }
  }

  private static func unknown(_ kind: String, _ key: String, _ prefix: String, _ known: [String]) -> String {
    let rests = known.map { String($0.dropFirst(prefix.count)) }
    let nearest = Suggestion.nearest(to: String(key.dropFirst(prefix.count)), among: rests)
    let advice =
      nearest.map { "did you mean \(prefix)\($0)?" } ?? "remove it, or use one of \(known.joined(separator: ", "))"
    return "the \(kind) \(QuotedText(key)) is not known; \(advice)"
  }
}
