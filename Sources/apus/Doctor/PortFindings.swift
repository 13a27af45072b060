import ApusIO
import Glibc

/// Whether a gateway runs, and if not, whether one could listen.
struct PortFindings {
  let data: LocalData
  let port: Int

  /// Of a gateway that is meant to run on the data folder.
  var process: [Finding] {
    guard let pid = data.gatewayProcess, let url = data.writtenURL else { return [] }
    guard kill(pid, 0) == 0 || errno == EPERM else {
      return [
        .warning(
          "gateway", "\(data.path)/run/endpoints.json names process \(pid), which is no more: it was killed",
          "Start it again: `apus up`, or apus-gateway; it takes up what is stored")
      ]
    }
    return [.ok("gateway", "process \(pid) listens at \(url)")]
  }

  /// For a gateway that is to be started.
  var ports: [Finding] {
    let metrics = port == 8080 ? [(8082, "metrics", "--metrics-port")] : []
    return ([(port, "calls", "--port")] + metrics).map { number, purpose, option in
      do throws(SystemError) {
        _ = try Listener.bind(.loopback(port: UInt16(clamping: number)))
        return .ok("port", "\(number) is free for \(purpose)")
      } catch {
        return .wrong("port", "\(number), for \(purpose): \(error)", "Choose another one with \(option)")
      }
    }
  }
}
