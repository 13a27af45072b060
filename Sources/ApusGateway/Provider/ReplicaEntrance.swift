import ApusIO

/// Where calls of one replica come in, and so how it is known that they may.
enum ReplicaEntrance: Hashable, Sendable {
  /// A listening socket that is handed over; the replica says by itself that it is ready.
  case socket(path: String)
  /// A loopback port that the program opens by itself; it is asked until it says that it is healthy.
  case port(UInt16)

  var address: SocketAddress {
    switch self {
    case .socket(let path): .unix(path)
    case .port(let port): .loopback(port: port)
    }
  }

  /// What it says to the program; a nil takes away what a deployment says.
  var variables: [String: String?] {
    switch self {
    case .socket: ["LISTEN_FDS": "1", "LISTEN_FDNAMES": "http", "APUS_READY_FD": "4"]
    case .port(let port):
      // Its metrics are the gateway's to report; one that opens a page all the same shall not fight about a port.
      [
        "port": "\(port)", "bind_address": "127.0.0.1", "metrics_port": "0", "LISTEN_FDS": nil, "LISTEN_PID": nil,
        "LISTEN_FDNAMES": nil, "APUS_READY_FD": nil,
      ]
    }
  }
}
