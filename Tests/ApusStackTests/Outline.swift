import ApusDeployment
import ApusJSON
import ApusModel
import ApusStack

/// A stack, one fact a line; what has its default is left out.
func outline(_ stack: Stack) -> String {
  var lines: [String] = []
  if let gateway = stack.gateway { lines.append("gateway \(gateway)") }
  for template in stack.templates { lines.append("template \(template.name) \(template.source ?? "-")") }
  lines += stack.copiedFolders.map { "copy \($0)" }
  for function in stack.functions {
    lines.append("function \(function.name) on line \(function.place.line)")
    lines += outline(function.build).map { "  " + $0 }
    let json = (try? function.deployment.json.serialise()) ?? []
    lines.append("  " + String(decoding: json, as: UTF8.self))
    lines += outline(function.policy).map { "  " + $0 }
  }
  return lines.map { $0 + "\n" }.joined()
}

private func outline(_ build: StackFunction.Build) -> [String] {
  var lines: [String] = []
  if let language = build.language { lines.append("lang \(language)") }
  if let handler = build.handler { lines.append("handler \(handler)") }
  if build.isSkipped { lines.append("skip build") }
  lines += build.options.map { "build option \($0)" }
  lines += build.arguments.sorted { $0.key < $1.key }.map { "build argument \($0.key)=\($0.value)" }
  lines += build.secrets.sorted { $0.key < $1.key }.map { "build secret \($0.key)=\($0.value)" }
  if let platforms = build.platforms { lines.append("platforms \(platforms)") }
  return lines
}

private func outline(_ policy: DeploymentPolicy) -> [String] {
  var lines: [String] = []
  let (scale, call, replica) = (policy.scale, policy.call, policy.replica)
  if scale != ScalePolicy() {
    let inflight = scale.maxInflight.map { ", \($0) in flight" } ?? ""
    let zero = scale.scalesToZero ? "to zero after \(GoDuration.format(scale.zeroDuration))" : "never to zero"
    lines.append("scale \(scale.min) to \(scale.max) \(zero)\(inflight)")
    lines.append(
      "scale by \(scale.type) \(scale.target) at \(scale.targetProportion), down \(GoDuration.format(scale.downWindow))"
    )
  }
  if call != CallPolicy() {
    let times = [call.timeout, call.streamTimeout].map(GoDuration.format)
    lines.append("call within \(times[0]), stream \(times[1]), access \(outline(call.access))")
  }
  if replica != ReplicaPolicy() {
    let start = replica.start.map { "\($0)" } ?? "unset"
    lines.append("replica start \(start) within \(GoDuration.format(replica.startTimeout)), network \(replica.network)")
    lines += replica.volumes.map { "volume \($0.name) at \($0.path)" }
    if let secret = replica.generatedSecret { lines.append("generate \(secret)") }
    for (name, amount) in [("limit", replica.limits), ("request", replica.requests)] where amount != ReplicaResources()
    {
      let memory = amount.memoryBytes.map { " \($0) bytes" } ?? ""
      let cpu = amount.milliCPU.map { " \($0) millicores" } ?? ""
      lines.append(name + memory + cpu)
    }
    if replica.hasReadOnlyRoot { lines.append("read-only root") }
  }
  return lines
}

private func outline(_ access: CallPolicy.Access) -> String {
  switch access {
  case .anyone: "anyone"
  case .token: "token"
  case .jwt(let issuer): "jwt of \(issuer.qualified)"
  }
}
