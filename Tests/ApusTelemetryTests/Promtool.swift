import Foundation

/// Prometheus' own checker of metrics pages.
enum Promtool {
  private static let path = "/usr/bin/promtool"

  static var isHere: Bool { FileManager.default.isExecutableFile(atPath: path) }

  /// What `promtool check metrics` says about a page: nothing, if it is content.
  static func complaints(about page: [UInt8]) throws -> String {
    let tool = Process()
    tool.executableURL = URL(filePath: path)
    tool.arguments = ["check", "metrics"]
    let input = Pipe()
    let output = Pipe()
    tool.standardInput = input
    tool.standardOutput = output
    tool.standardError = output
    try tool.run()
    try input.fileHandleForWriting.write(contentsOf: Data(page))
    try input.fileHandleForWriting.close()
    let text = String(decoding: try output.fileHandleForReading.readToEnd() ?? Data(), as: UTF8.self)
    tool.waitUntilExit()
    return tool.terminationStatus == 0 ? text : "\(text)(exit status \(tool.terminationStatus))"
  }
}
