import ApusDeployment
import ApusModel

/// The variables that a replica starts with, and no others.
enum ReplicaEnvironment {
  /// Those of one replica.
  ///
  /// - Parameter trustedProxies: those in front of the gateway, so that a function finds the same caller as it does.
  static func variables(
    _ generation: Generation, _ world: ReplicaWorld, _ entrance: ReplicaEntrance, trustedProxies: String
  ) -> [String: String] {
    let deployment = generation.deployment
    var variables = [
      "PATH": "/usr/local/bin:/usr/bin:/bin",
      "HOME": "/tmp",
    ]
    if !trustedProxies.isEmpty { variables["trusted_proxies"] = trustedProxies }
    for (name, value) in deployment.envVars { variables[name] = value }
    // What follows is ours to say, whatever a deployment says.
    variables["OPENFAAS_NAME"] = deployment.name.name
    variables["OPENFAAS_NAMESPACE"] = deployment.name.namespace
    for (name, value) in entrance.variables { variables[name] = value }
    variables["exec_timeout"] = GoDuration.format(generation.policy.call.timeout)
    variables["fprocess"] = deployment.envProcess
    if deployment.isStaticSite, variables["static_path"] == nil {
      variables["static_path"] = "\(world.folder)/public"
    }
    variables["secret_mount_path"] = world.secrets
    return variables
  }
}
