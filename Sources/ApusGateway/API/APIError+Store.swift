import ApusArtefacts
import ApusDeployment
import ApusHTTP
import ApusIO
import ApusModel
import ApusStore

extension APIError {
  init(_ error: StoreError) {
    let (status, code): (Int, String) =
      switch error.kind {
      case .exists: (409, "exists")
      case .notFound: (404, "not-found")
      case .inUse: (409, "in-use")
      case .tooLarge: (413, "too-large")
      case .tooMany: (422, "too-many")
      case .invalid: (400, "invalid")
      case .diskFull: (507, "disk-full")
      case .locked: (503, "locked")
      default: (500, "state")
      }
    self.init(status: status, code, error.description)
  }

  init(_ error: ArtefactError) {
    let (status, code): (Int, String) =
      switch error.fault {
      case .notFound: (404, "not-found")
      case .archive: (400, "bad-artefact")
      case .tooLarge: (413, "too-large")
      case .busy: (503, "busy")
      case .disk: (507, "disk-full")
      case .ours: (500, "artefact")
      }
    self.init(status: status, code, error.description)
  }

  /// A body that can't be read; `tooLarge` says it of one that is over a limit of the route's own.
  init(_ error: HTTPError, tooLarge: String? = nil) {
    if case .wire(let wire) = error, wire.kind == .bodyTooLarge, let tooLarge {
      self.init(status: wire.status, "too-large", tooLarge)
      return
    }
    let status =
      switch error {
      case .wire(let wire): wire.status
      case .io(.expired): 408
      default: 400
      }
    self.init(status: status, "bad-request", "the request can't be read: \(error)")
  }

  init(_ error: DeploymentError) {
    self.init(status: 400, "bad-deployment", error.description)
  }
}
