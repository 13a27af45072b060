import ApusDeployment
import ApusJSON
import ApusLogs
import ApusModel

extension Routes {
  // Each reads its call by the same expression as the endpoint does: two readings of one call would be a way around.

  /// The function that the path names, with a namespace in the body or the query.
  static let named: Subject = { call throws(APIError) in
    try call.functionName(call.rest, try call.json())
  }

  /// The function that the path names; a body is not looked at.
  static let shown: Subject = { call throws(APIError) in try call.functionName(call.rest) }

  /// The function that a deployment is for.
  static let deployed: Subject = { call throws(APIError) in
    let json = try call.json()
    do throws(DeploymentError) {
      return try Deployment(json: json).name
    } catch {
      throw APIError(error)
    }
  }

  /// The function to remove.
  static let removed: Subject = { call throws(APIError) in
    let body = try call.json()
    return try call.functionName(try call.text("functionName", of: body) ?? "", body)
  }

  /// The function whose lines are asked for.
  static let logged: Subject = { call throws(APIError) in
    do {
      return try LogQuery(call.rawQuery ?? "").function()
    } catch {
      throw APIError(status: 400, "bad-query", "\(error)")
    }
  }

  /// The function that an artefact is named for.
  static let packed: Subject = { call throws(APIError) in
    do throws(NameError) {
      return try FunctionName(name: call.rest, namespace: call.query["namespace"])
    } catch {
      throw APIError(status: 400, "bad-name", "\(error)")
    }
  }
}
