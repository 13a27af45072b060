import ApusHTTP
import ApusIO
import Synchronization

/// `GET /system/backup`: everything that the gateway keeps, as `BackupLayout` says, while it goes on.
struct BackupEndpoint: StreamingEndpoint {
  let state: GatewayState
  /// Two at once would only be slower, and take the disk's room twice.
  private let isRunning = Flag()

  final class Flag: Sendable {
    let value = Atomic<Bool>(false)
  }

  init(state: GatewayState) {
    self.state = state
  }

  func answer(_ call: APICall, _ exchange: Exchange) async throws(APIError) -> APIAnswer {
    guard !isRunning.value.exchange(true, ordering: .acquiringAndReleasing) else {
      var error = APIError(status: 503, "busy", "a backup is being made already: wait for its end")
      error.fields = [(.retryAfter, "10")]
      throw error
    }
    defer { isRunning.value.store(false, ordering: .releasing) }
    let snapshot: BackupSnapshot
    do {
      snapshot = try await offload { [state] in try BackupSnapshot(state) }
    } catch {
      throw APIError(status: 507, "no-backup", "the backup could not be begun: \(error)")
    }
    do {
      try await snapshot.send(exchange)
    } catch {
      // Without its end the answer is no archive, and whoever reads it sees that.
      exchange.closeAfterwards()
    }
    return .sent
  }
}
