import ApusDeployment
import ApusModel
import ApusYAML

extension StackReader {
  /// Places of what a deployment is made of, by its path in the REST body.
  typealias Sources = [FieldPath: StackSource]

  mutating func readFunction(_ key: String, at keyNode: YAMLNode, _ node: YAMLNode) -> StackFunction? {
    let fields = document.fields(node, known: StackKeys.function)
    var sources: Sources = [FieldPath(): StackSource(keyNode)]
    for (key, path) in [("image", "image"), ("fprocess", "envProcess"), ("namespace", "namespace")] {
      sources[FieldPath(path)] = fields[key].map { StackSource($0) }
    }
    let build = readBuild(fields, of: keyNode, named: key)
    let name = functionName(key, at: keyNode, fields)
    let image = readImage(fields, of: keyNode, named: key, isMapping: node.isNull || node.entries != nil)
    let process = readProcess(fields, build)
    let variables = readVariables(fields, &sources)
    let secrets = readSecrets(fields, &sources)
    let labels = readMap(fields, "labels", &sources)
    let annotations = readMap(fields, "annotations", &sources)
    let limits = readResources(fields, "limits", &sources)
    let requests = readResources(fields, "requests", &sources)
    let constraints = document.texts(fields, "constraints").map(\.text)
    let isReadOnly = document.flag(fields, "readonly_root_filesystem")

    // Whatever name or image should have been: the rest is read all the same, for what is wrong with it.
    guard let shownName = name ?? (try? FunctionName("unknown")) else { return nil }
    let deployment = Deployment(
      name: shownName, image: image ?? "unknown", envProcess: process, envVars: variables,
      constraints: constraints, secrets: secrets, labels: labels, annotations: annotations, limits: limits,
      requests: requests, readOnlyRootFilesystem: isReadOnly)
    warnOfLanguage(fields, of: deployment, build)
    var problems: [DeploymentProblem] = []
    let policy = DeploymentPolicy(deployment, problems: &problems)
    report(problems, sources)
    guard name != nil, image != nil else { return nil }
    return StackFunction(place: document.place(keyNode), build: build, deployment: deployment, policy: policy)
  }

  /// Puts problems of the deployment where their texts were written.
  private mutating func report(_ problems: [DeploymentProblem], _ sources: Sources) {
    for problem in problems {
      var path: FieldPath? = problem.path
      while let here = path, sources[here] == nil { path = here.parent }
      guard let source = path.flatMap({ sources[$0] }) else { continue }
      document.report(Diagnosis(problem.severity, place(source), problem.text))
    }
  }

  private func place(_ source: StackSource) -> Place {
    switch source {
    case .stack(let line, let column): document.place(line: line, column: column)
    case .file(let place): place
    }
  }

  private mutating func functionName(_ key: String, at node: YAMLNode, _ fields: StackFields) -> FunctionName? {
    let namespace = document.text(fields, "namespace")
    do throws(NameError) {
      return try FunctionName(name: key, namespace: namespace)
    } catch {
      document.error(error.subject == "namespace" ? fields["namespace"] ?? node : node, error.description)
      return nil
    }
  }

  private mutating func readBuild(_ fields: StackFields, of node: YAMLNode, named name: String) -> StackFunction.Build {
    var build = StackFunction.Build()
    build.handler = document.text(fields, "handler")
    build.isSkipped = document.flag(fields, "skip_build")
    build.language = readLanguage(fields)
    build.options = document.texts(fields, "build_options").map(\.text)
    for (key, value, _) in document.entries(fields, "build_args") { build.arguments[key] = value }
    for (key, value, _) in document.entries(fields, "build_secrets") { build.secrets[key] = value }
    build.platforms = document.text(fields, "platforms")
    let verbs = ["swift": "build", "program": "take"]
    if let verb = build.language.flatMap({ verbs[$0] }), build.handler == nil, !build.isSkipped,
      fields["handler"]?.entries == nil
    {
      document.error(
        fields["lang"] ?? node,
        "there is no folder to \(verb) \(QuotedText(name)) from; add handler: ./\(name), or skip_build: true")
    }
    return build
  }

  /// The image with a tag: `:latest` where the last part of the name has none.
  private mutating func readImage(
    _ fields: StackFields, of node: YAMLNode, named name: String, isMapping: Bool
  ) -> String? {
    if let image = document.text(fields, "image") {
      let last = image.split(separator: "/", omittingEmptySubsequences: false).last ?? ""
      return last.utf8.contains(UInt8(ascii: ":")) ? image : image + ":latest"
    }
    let isText = fields["image"]?.text != nil
    if isMapping, isText || fields["image"] == nil {
      document.error(
        fields["image"] ?? node, "the function \(QuotedText(name)) has no image; add image: NAME:TAG")
    }
    return nil
  }

  private mutating func readSecrets(_ fields: StackFields, _ sources: inout Sources) -> [SecretName] {
    var items: [(path: FieldPath, text: String)] = []
    for (index, item) in document.texts(fields, "secrets").enumerated() {
      let path = FieldPath("secrets").index(index)
      items.append((path, item.text))
      sources[path] = StackSource(item.node)
    }
    var problems: [DeploymentProblem] = []
    let names = Deployment.secretNames(items, &problems)
    report(problems, sources)
    if let node = fields["secrets"] { sources[FieldPath("secrets")] = StackSource(node) }
    return names
  }

  private mutating func readMap(_ fields: StackFields, _ key: String, _ sources: inout Sources) -> [String: String] {
    let path = FieldPath(key)
    if let node = fields[key] { sources[path] = StackSource(node) }
    var map: [String: String] = [:]
    for (key, value, node) in document.entries(fields, key) {
      map[key] = value
      sources[path.key(key)] = StackSource(node)
    }
    return map
  }

  private mutating func readResources(
    _ fields: StackFields, _ key: String, _ sources: inout Sources
  ) -> Deployment.Resources {
    guard let node = fields[key] else { return Deployment.Resources() }
    let path = FieldPath(key)
    sources[path] = StackSource(node)
    let amounts = document.fields(node, known: StackKeys.resources)
    for key in StackKeys.resources {
      sources[path.key(key)] = amounts[key].map { StackSource($0) }
    }
    return Deployment.Resources(memory: document.text(amounts, "memory"), cpu: document.text(amounts, "cpu"))
  }
}
