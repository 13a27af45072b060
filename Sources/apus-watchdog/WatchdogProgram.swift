import ApusCommandLine
import ApusWatchdog

/// Any program as a function, behind the contract of of-watchdog: composition only.
@main
struct WatchdogProgram {
  private static let healthCheck = Option<Bool>.flag(
    "run-healthcheck", help: "End with status 0 if the watchdog of this container takes calls, else with 1")
  private static let usage = Command(
    "apus-watchdog", "Serves any program as a function: the environment says which, and how",
    discussion:
      "fprocess names the program, mode is http, streaming, serializing or static; docs/ENVIRONMENT.md has all"
      + " variables. SIGTERM ends it in order.",
    options: [healthCheck]
  ) { arguments in
    let run = WatchdogRun()
    guard try !arguments[healthCheck] else { throw ExitStatus(run.isHealthy ? 0 : 1) }
    run.runToEnd()
  }

  static func main() async {
    // With one dash, as of-watchdog has them and images write them.
    let spelled = ["-run-healthcheck": "--run-healthcheck", "-version": "--version"]
    await Program(usage, version: WatchdogVersion.release).main { spelled[$0] ?? $0 }
  }
}
