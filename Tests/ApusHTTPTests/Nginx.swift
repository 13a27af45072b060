import ApusIO
import Glibc
import Testing

/// nginx with one configuration, until the last owner lets go of it.
final class Nginx {
  let address: SocketAddress
  private let process: pid_t
  private let folder: String

  private static let path = "/usr/sbin/nginx"

  static var isInstalled: Bool { access(path, X_OK) == 0 }

  private init(_ process: pid_t, _ address: SocketAddress, _ folder: String) {
    self.process = process
    self.address = address
    self.folder = folder
  }

  deinit {
    kill(process, SIGTERM)
    _ = shell("rm -rf \(folder)")
  }

  /// Starts it; `server` stands in the server block.
  static func run(_ server: String) async throws -> Nginx {
    let address = RawSocket.freeAddress()
    let folder = shell("mktemp -d").filter { $0 != "\n" }
    let configuration = """
      daemon off; master_process off; pid \(folder)/pid; error_log \(folder)/error.log;
      events { worker_connections 64; }
      http {
        access_log off; client_body_temp_path \(folder)/b; proxy_temp_path \(folder)/p; fastcgi_temp_path \(folder)/f;
        uwsgi_temp_path \(folder)/u; scgi_temp_path \(folder)/s;
        server { listen \(address); \(server) }
      }
      """
    let file = try #require(fopen("\(folder)/conf", "w"))
    fputs(configuration, file)
    fclose(file)
    // Through a shell and not as a ChildProcess, whose birth the thread sanitizer can't follow.
    let command = "\(path) -p \(folder) -c \(folder)/conf -e \(folder)/error.log > \(folder)/output 2>&1 & echo $!"
    let process = try #require(pid_t(shell(command).filter { $0 != "\n" }))
    let nginx = Nginx(process, address, folder)
    let isUp = try await eventually { (try? RawSocket.connect(to: address)) != nil }
    #expect(isUp, "nginx did not start: \(shell("cat \(folder)/error.log"))")
    return nginx
  }
}
