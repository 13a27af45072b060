import ApusIO
import ApusTelemetry

/// Makes what answers the calls, as the settings say.
enum Modes {
  static func mode(
    _ settings: WatchdogSettings, _ environment: ProcessEnvironment, _ sinks: OutputSinks, _ family: OwnChildren,
    _ log: Log, on loop: Loop, whenGivenUp: @escaping (StartFailure) -> Void
  ) throws -> any ServingMode {
    if settings.mode == .static { return SiteMode(settings.staticPath, log: log) }
    // Both are asked for when the settings are read.
    guard let words = settings.program else { throw StartFailure("fprocess is not set") }
    guard settings.mode == .http else {
      return try ForkingMode(
        words, settings, environment: environment, sinks: sinks, family: family, log: log, on: loop)
    }
    guard let url = settings.upstream else { throw StartFailure("upstream_url is not set") }
    let program = UpstreamProgram(
      words, url, settings, environment: environment, sinks: sinks, family: family, log: log, on: loop)
    program.onFailure = whenGivenUp
    return ProxyingMode(program, prefix: url.prefix, settings, log: log, on: loop)
  }
}
