import ApusDeployment
import ApusModel
import ApusStack
import Foundation
import Testing

/// docs/STACK.md, row by row.
@Suite struct `The page about stack.yml` {
  private let rows: [String: [(key: String, value: String)]]

  init() throws {
    let page = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../docs/STACK.md")
    var rows: [String: [(key: String, value: String)]] = [:]
    var heading = ""
    for line in try String(contentsOf: page, encoding: .utf8).split(separator: "\n") {
      if line.hasPrefix("## ") { heading = String(line.dropFirst(3)) }
      let cells = line.split(separator: "|").map { $0.trimmingCharacters(in: .whitespaces) }
      guard cells.count == 3, let key = Self.code(cells[0]), !cells[2].isEmpty else { continue }
      rows[heading, default: []].append((key, Self.code(cells[1]) ?? cells[1]))
    }
    self.rows = rows
  }

  private static func code(_ cell: String) -> String? {
    guard cell.count > 2, cell.hasPrefix("`"), cell.hasSuffix("`") else { return nil }
    return String(cell.dropFirst().dropLast())
  }

  @Test(arguments: [
    ("The file", StackKeys.stack), ("provider", StackKeys.provider), ("configuration", StackKeys.configuration),
    ("A template", StackKeys.template), ("A function", StackKeys.function),
    ("limits and requests", StackKeys.resources), ("A file of variables", StackKeys.environmentFile),
    ("Labels", SettingKey.scaleLabels), ("Annotations", SettingKey.annotations),
  ])
  func `has a row for every key, and for no other`(heading: String, keys: [String]) throws {
    #expect(try #require(rows[heading]).map(\.key).sorted() == keys.sorted())
  }

  @Test func `says the defaults that count`() throws {
    let deployment = Deployment(name: try FunctionName("f"), image: "f:latest")
    let policy = try DeploymentPolicy(deployment)
    let (scale, call, replica) = (policy.scale, policy.call, policy.replica)
    let defaults = [
      "com.openfaas.scale.min": "\(scale.min)", "com.openfaas.scale.max": "\(scale.max)",
      "com.openfaas.scale.zero": "\(scale.scalesToZero)",
      "com.openfaas.scale.zero-duration": GoDuration.format(scale.zeroDuration),
      "com.openfaas.scale.type": scale.type.rawValue, "com.openfaas.scale.target": "\(Int(scale.target))",
      "com.openfaas.scale.target-proportion": "\(scale.targetProportion)",
      "com.openfaas.scale.down.window": GoDuration.format(scale.downWindow), "com.openfaas.scale.factor": "",
      "com.apus.timeout": GoDuration.format(call.timeout),
      "com.apus.stream-timeout": GoDuration.format(call.streamTimeout),
      "com.apus.access": call.access == .anyone ? "public" : "another", "com.apus.jwt.function": "",
      "com.apus.start": replica.start == nil ? "" : "another",
      "com.apus.start-timeout": GoDuration.format(replica.startTimeout),
      "com.apus.network": replica.network == .isolated ? "none" : "another", "com.apus.secret.generate": "",
      "com.apus.volume.NAME": "", "max_inflight": "\(scale.maxInflight ?? 0)", "exec_timeout": "",
    ]
    let shown = ["Labels", "Annotations", "Variables that the gateway reads, too"].flatMap { rows[$0] ?? [] }
    #expect(Dictionary(shown.map { ($0.key, $0.value) }) { $1 } == defaults)
    let keys = Dictionary((rows["A function"] ?? []).map { ($0.key, $0.value) }) { $1 }
    #expect(keys["namespace"] == deployment.name.namespace)
    #expect(keys["readonly_root_filesystem"] == "\(replica.hasReadOnlyRoot)")
  }

  @Test func `has an example that is read without a warning`() throws {
    let page = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../docs/STACK.md")
    let parts = try String(contentsOf: page, encoding: .utf8).components(separatedBy: "```")
    let example = try #require(parts.count == 3 ? parts[1].split(separator: "\n").dropFirst() : nil)
    let text = example.joined(separator: "\n") + "\n"
    let stack = try Stack.read(
      Array(text.utf8), file: "s", environment: [:], files: Nothing(), readsTemplates: false)
    #expect(stack.warnings.isEmpty)
  }
}
