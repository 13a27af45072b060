import ApusDeployment
import ApusModel

/// The variables that a replica starts with, and no others.
enum ReplicaEnvironment {
  static func variables(
    _ generation: Generation, _ world: ReplicaWorld, _ entrance: ReplicaEntrance
  ) -> [String: String] {
    let deployment = generation.deployment
    var variables = [
      "PATH": "/usr/local/bin:/usr/bin:/bin",
      "HOME": "/tmp",
    ]
    for (name, value) in deployment.envVars { variables[name] = value }
    // What follows is ours to say, whatever a deployment says.
    variables["OPENFAAS_NAME"] = deployment.name.name
    variables["OPENFAAS_NAMESPACE"] = deployment.name.namespace
    for (name, value) in entrance.variables { variables[name] = value }
    variables["exec_timeout"] = GoDuration.format(generation.policy.call.timeout)
    variables["fprocess"] = deployment.envProcess
    variables["secret_mount_path"] = world.secrets
    return variables
  }
}
