import ApusCommandLine
import ApusGateway

/// The gateway as a program of its own, for services and containers: composition only.
@main
struct GatewayProgram {
  static func main() async {
    await Program(GatewayCommand.usage, version: GatewayVersion.release).main()
  }
}
