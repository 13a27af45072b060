package import ApusJSON
package import ApusModel

/// The REST body of `POST` and `PUT /system/functions`.
extension Deployment {
  /// Reads a deployment and all that its labels, annotations and amounts mean.
  ///
  /// - Throws: every problem at once, if one of them is an error.
  package init(json: JSON) throws(DeploymentError) {
    var problems: [DeploymentProblem] = []
    let deployment = Deployment(json: json, problems: &problems)
    if let deployment { _ = DeploymentPolicy(deployment, problems: &problems) }
    guard let deployment, !problems.haveErrors else { throw DeploymentError(problems) }
    self = deployment
  }

  /// Reads what may have been stored by a version before, which took more.
  package init(stored json: JSON) throws(DeploymentError) {
    var problems: [DeploymentProblem] = []
    guard var deployment = Deployment(json: json, problems: &problems), !problems.haveErrors else {
      throw DeploymentError(problems)
    }
    // They never had an effect, and are no reason not to serve.
    for name in DeploymentPolicy.givenAtStart { deployment.envVars[name] = nil }
    self = deployment
  }

  /// Reads the shape only; nil where name or image cannot be had, which is then among the problems.
  ///
  /// Unknown keys are ignored: a client may be newer than this server.
  package init?(json: JSON, problems: inout [DeploymentProblem]) {
    let body = JSONFields(json, problems: &problems)
    guard json.isNull || json.objectValue != nil else { return nil }
    let service = body.text("service", &problems)
    let namespace = body.text("namespace", &problems)
    let image = body.text("image", &problems)
    let envProcess = body.text("envProcess", &problems)
    let envVars = body.map("envVars", &problems)
    let constraints = body.texts("constraints", &problems).map(\.text)
    let secrets = Self.secretNames(body.texts("secrets", &problems), &problems)
    let labels = body.map("labels", &problems)
    let annotations = body.map("annotations", &problems)
    let limits = Resources(body.object("limits", &problems), &problems)
    let requests = Resources(body.object("requests", &problems), &problems)
    let readOnly = body.flag("readOnlyRootFilesystem", &problems)

    let name = Self.functionName(service, namespace, &problems)
    if image == nil {
      problems.error(FieldPath("image"), "there is no image; name the artefact that the function is made of")
    }
    guard let name, let image else { return nil }
    self.init(
      name: name, image: image, envProcess: envProcess.flatMap { $0.isEmpty ? nil : $0 }, envVars: envVars,
      constraints: constraints, secrets: secrets, labels: labels, annotations: annotations, limits: limits,
      requests: requests, readOnlyRootFilesystem: readOnly)
  }

  private static func functionName(
    _ service: String?, _ namespace: String?, _ problems: inout [DeploymentProblem]
  ) -> FunctionName? {
    guard let service else {
      problems.error(FieldPath("service"), "there is no service; send the name of the function")
      return nil
    }
    do throws(NameError) {
      return try FunctionName(name: service, namespace: namespace)
    } catch {
      problems.error(FieldPath(error.subject == "namespace" ? "namespace" : "service"), error.description)
      return nil
    }
  }

  /// The names, each once.
  package static func secretNames(
    _ items: [(path: FieldPath, text: String)], _ problems: inout [DeploymentProblem]
  ) -> [SecretName] {
    var names: [SecretName] = []
    var seen: Set<SecretName> = []
    for (path, text) in items {
      do throws(NameError) {
        let name = try SecretName(text)
        if seen.insert(name).inserted {
          names.append(name)
        } else {
          problems.warning(path, "the secret \(QuotedText(text)) is in the list already; remove one of the two")
        }
      } catch {
        problems.error(path, error.description)
      }
    }
    return names
  }

  /// What `init(json:)` reads; empty members are left out, as Go does.
  package var json: JSON { .object(members(nameKey: "service")) }

  /// The members in the order of the contract; in a status the name's key is `name`.
  package func members(nameKey: String) -> [(key: String, value: JSON)] {
    var members: [(key: String, value: JSON)] = [(nameKey, .string(name.name)), ("image", .string(image))]
    func add(_ key: String, _ value: JSON, unless isEmpty: Bool) {
      if !isEmpty { members.append((key, value)) }
    }
    add("namespace", .string(name.namespace), unless: false)
    add("envProcess", .string(envProcess ?? ""), unless: envProcess == nil)
    add("envVars", .object(texts: envVars), unless: envVars.isEmpty)
    add("constraints", .array(constraints.map { .string($0) }), unless: constraints.isEmpty)
    add("secrets", .array(secrets.map { .string($0.text) }), unless: secrets.isEmpty)
    add("labels", .object(texts: labels), unless: labels.isEmpty)
    add("annotations", .object(texts: annotations), unless: annotations.isEmpty)
    add("limits", limits.json, unless: limits.isEmpty)
    add("requests", requests.json, unless: requests.isEmpty)
    add("readOnlyRootFilesystem", true, unless: !readOnlyRootFilesystem)
    return members
  }
}

extension Deployment.Resources {
  fileprivate init(_ fields: JSONFields, _ problems: inout [DeploymentProblem]) {
    func amount(_ key: String) -> String? { fields.text(key, &problems).flatMap { $0.isEmpty ? nil : $0 } }
    self.init(
      memory: amount("memory"), cpu: amount("cpu"), nvidiaGPU: amount("nvidia.com/gpu"), amdGPU: amount("amd.com/gpu"),
      intelGPU: amount("intel.com/gpu"))
  }

  fileprivate var json: JSON {
    let amounts = [
      ("memory", memory), ("cpu", cpu), ("nvidia.com/gpu", nvidiaGPU), ("amd.com/gpu", amdGPU),
      ("intel.com/gpu", intelGPU),
    ]
    return .object(amounts.compactMap { key, amount in amount.map { (key, .string($0)) } })
  }
}

extension JSON {
  /// Sorted, as Go writes its maps, so that equal deployments give equal text.
  fileprivate static func object(texts: [String: String]) -> JSON {
    .object(texts.sorted { $0.key < $1.key }.map { ($0.key, .string($0.value)) })
  }
}
