import ApusModel

extension ReplicaPolicy {
  init(_ deployment: Deployment, problems: inout [DeploymentProblem]) {
    let annotations = SettingReader(deployment.annotations, at: FieldPath("annotations"))
    let start: Start? = annotations.choice(SettingKey.start, [("socket", .socket), ("tcp", .tcp)], &problems)
    let network: Network? = annotations.choice(SettingKey.network, [("none", .isolated), ("host", .host)], &problems)
    if start == .tcp, network != .host, annotations.text(SettingKey.network) != "host" {
      annotations.report(
        SettingKey.start,
        "a port cannot be reached in a network of the replica's own; add \(SettingKey.network): host, or use socket",
        &problems)
    }
    let limits = ReplicaResources(deployment.limits, at: FieldPath("limits"), problems: &problems)
    let requests = ReplicaResources(deployment.requests, at: FieldPath("requests"), problems: &problems)
    if let key = requests.keyBeyond(limits) {
      problems.error(
        FieldPath("requests").key(key), "more is requested than limits.\(key) allows; raise that, or lower this")
    }
    self.init(
      start: start,
      startTimeout: annotations.duration(SettingKey.startTimeout, &problems) ?? ReplicaPolicy().startTimeout,
      network: network ?? .isolated, volumes: Self.volumes(deployment.annotations, &problems),
      generatedSecret: Self.generatedSecret(annotations, among: deployment.secrets, &problems), limits: limits,
      requests: requests, hasReadOnlyRoot: deployment.readOnlyRootFilesystem)
  }

  private static func volumes(
    _ annotations: [String: String], _ problems: inout [DeploymentProblem]
  ) -> [Volume] {
    var volumes: [Volume] = []
    let prefix = SettingKey.volumePrefix
    for (key, path) in annotations.sorted(by: { $0.key < $1.key }) where key.hasPrefix(prefix) {
      let place = FieldPath("annotations").key(key)
      do throws(VolumeError) {
        let volume = try Volume(name: String(key.dropFirst(prefix.count)), path: path)
        if let other = volumes.first(where: volume.overlaps) {
          problems.error(
            place, "the volume \(other.name) is at \(QuotedText(other.path)) already; no volume can lie in another")
        } else {
          volumes.append(volume)
        }
      } catch {
        problems.error(place, error.description)
      }
    }
    return volumes
  }

  private static func generatedSecret(
    _ annotations: SettingReader, among secrets: [SecretName], _ problems: inout [DeploymentProblem]
  ) -> SecretName? {
    guard let text = annotations.text(SettingKey.generatedSecret) else { return nil }
    do throws(NameError) {
      let name = try SecretName(text)
      if !secrets.contains(name) {
        problems.warning(
          annotations.path(SettingKey.generatedSecret),
          "the function is not given the secret \(QuotedText(text)); add it to secrets")
      }
      return name
    } catch {
      annotations.report(SettingKey.generatedSecret, error.description, &problems)
      return nil
    }
  }
}
