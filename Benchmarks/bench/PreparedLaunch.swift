import CBenchSpawn
import Glibc

/// A launch with everything done that need not be inside the measured time: strings, descriptors.
struct PreparedLaunch: ~Copyable {
  let launch: Launch
  private var arguments: [UnsafeMutablePointer<CChar>?]
  private var environment: [UnsafeMutablePointer<CChar>?]
  private let pidSlot: UnsafeMutablePointer<CChar>?
  private let input: Int32
  private let output: Int32

  init(_ launch: Launch) throws(BenchError) {
    self.launch = launch
    input = open("/dev/null", O_RDONLY | O_CLOEXEC)
    output = open(launch.output, O_WRONLY | O_CREAT | O_TRUNC | O_APPEND | O_CLOEXEC, 0o600)
    arguments = ([launch.path] + launch.arguments).map { strdup($0) } + [nil]
    environment = launch.wholeEnvironment.map { strdup($0) }
    if launch.listener >= 0, let entry = strdup("LISTEN_PID=000000000000") {
      environment.append(entry)
      pidSlot = entry + "LISTEN_PID=".utf8.count
    } else {
      pidSlot = nil
    }
    environment.append(nil)
    guard input >= 0, output >= 0 else { throw .system("cannot open \(launch.output)") }
  }

  deinit {
    for string in arguments { free(string) }
    for string in environment { free(string) }
    close(input)
    close(output)
  }

  func start() throws(BenchError) -> pid_t {
    var pid: pid_t = 0
    let code = launch.path.withCString { path in
      arguments.withUnsafeBufferPointer { arguments in
        environment.withUnsafeBufferPointer { environment in
          var launch = bench_launch(
            path: path, arguments: arguments.baseAddress, environment: environment.baseAddress,
            pid_slot: pidSlot, input: input, output: output, listener: launch.listener, cpus: launch.processors)
          return bench_spawn(&launch, &pid)
        }
      }
    }
    guard code == 0 else { throw .system("cannot start \(launch.path)", code) }
    return pid
  }
}
