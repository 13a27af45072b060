import ApusDeployment
import ApusJSON
import ApusModel

/// `POST` and `PUT /system/functions`: makes a deployment the desired state.
struct DeployEndpoint: Endpoint {
  let catalog: Catalog
  /// `PUT` answers 404 for what is not there, upon which faas-cli sends the same as `POST`.
  let mustExist: Bool

  func answer(_ call: APICall) async throws(APIError) -> APIAnswer {
    let json = try call.json()
    let deployment: Deployment
    do throws(DeploymentError) {
      deployment = try Deployment(json: json)
    } catch {
      throw APIError(error)
    }
    let warnings = try await catalog.apply(deployment, mustExist: mustExist, by: call.actor)
    if warnings.isEmpty { return .accepted }
    return .text(warnings.map { "warning: \($0)\n" }.joined(), status: 202)
  }
}
