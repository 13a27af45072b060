extension Rule {
  /// The ladder: what of ours, and which C libraries, each folder may import. All else stands above or beside it.
  static let ladder: [String: Set<String>] = {
    let wire: Set<String> = ["ApusHTTP", "ApusIO", "ApusJSON", "ApusModel", "ApusTelemetry"]
    let role = wire.union(["ApusDeployment", "ApusLauncher", "ApusTLS", "ApusYAML", "CLinux"])
    return [
      "Sources/ApusIO": ["CLinux"],
      "Sources/ApusLauncher": ["ApusIO", "CLinux"],
      "Sources/ApusHTTP": ["ApusIO", "CLinux"],
      "Sources/ApusTLS": ["ApusHTTP", "ApusIO", "CLinux", "COpenSSL"],
      "Sources/ApusModel": [],
      "Sources/ApusJSON": [],
      "Sources/ApusYAML": ["CYAML"],
      "Sources/ApusDeployment": ["ApusModel", "ApusJSON"],
      "Sources/ApusStack": ["ApusDeployment", "ApusModel", "ApusYAML"],
      "Sources/ApusTelemetry": [],
      "Sources/ApusCommandLine": ["ApusModel"],
      "Sources/ApusStore": ["ApusModel", "ApusIO", "ApusJSON", "ApusTelemetry", "CLinux", "CSQLite", "CSodium"],
      "Sources/ApusAccess": ["ApusModel", "ApusJSON", "ApusHTTP", "ApusIO", "CSodium"],
      "Sources/ApusArtefacts": ["ApusModel", "ApusIO", "CFiles", "CSodium"],
      "Sources/ApusLogs": ["ApusIO", "ApusJSON", "ApusModel", "ApusTelemetry"],
      "Sources/ApusAccounts": [
        "ApusAccess", "ApusStore", "ApusModel", "ApusIO", "ApusJSON", "ApusTelemetry", "CSodium", "CMongo",
      ],
      "Sources/ApusQRCode": ["CQREncode"],
      // Between the two functions of accounts and what they share: it sees HTTP as a function's author does.
      "Sources/ApusAccountsHTTP": ["Apus", "ApusAccess", "ApusAccounts", "ApusIO", "ApusJSON", "ApusModel"],
      "Sources/ApusContract": ["ApusHTTP", "ApusIO", "ApusModel", "ApusTelemetry"],
      "Sources/Apus": wire.union(["ApusContract"]),
      "Sources/ApusTesting": ["Apus", "ApusContract", "ApusHTTP", "ApusIO", "ApusTelemetry"],
      "Sources/ApusGateway": role.union(["ApusAccess", "ApusArtefacts", "ApusDeployment", "ApusLogs", "ApusStore"]),
      "Sources/ApusWatchdog": role.union(["ApusAccess", "ApusContract", "ApusLogs"]),
      // Not the gateway: what the tool does, curl can do.
      "Sources/apus": wire.union([
        "ApusArtefacts", "ApusCommandLine", "ApusDeployment", "ApusLauncher", "ApusStack", "ApusTLS", "ApusYAML",
      ]),
      "Sources/apus-gateway": role.union([
        "ApusAccess", "ApusArtefacts", "ApusCommandLine", "ApusDeployment", "ApusGateway", "ApusLogs", "ApusStore",
      ]),
      "Sources/apus-watchdog": role.union(["ApusWatchdog", "ApusCommandLine"]),
      "Functions/blur-image/Sources/BlurImage": ["Apus", "ApusJSON", "ApusModel"],
      "Functions/blur-image/Sources/ImageCodecs": ["CImageCodecs"],
      "Functions/blur-image/Sources/ObjectDetection": ["CCascades"],
      "Functions/blur-image/Sources/NetworkDetection": ["ApusJSON", "COnnxRuntime", "CSodium"],
      "Functions/create-account": ["Apus", "ApusAccounts", "ApusAccountsHTTP", "ApusJSON", "ApusQRCode"],
      "Functions/authenticate": ["Apus", "ApusAccounts", "ApusAccountsHTTP", "ApusJSON"],
      "Functions/forecast/Sources/ForecastAPI": ["Apus", "ApusJSON"],
      "Functions": ["Apus"],
      "Snippets": ["Apus", "ApusTesting"],
    ]
  }()

  /// What of the toolchain's own modules any target may import.
  static let toolchain: Set<String> = ["Glibc", "Synchronization", "_Concurrency", "Swift"]

  /// Targets that may pay for FoundationEssentials (megabytes, and start-up time). None does: ApusJSON stands in.
  static let foundationEssentials: Set<String> = []

  static let imports = [
    Rule(name: "imports go downwards") { file in
      guard file.isSwift, let (folder, allowed) = rung(of: file.path) else { return [] }
      return file.imports.filter { isOurs($0.module) && !allowed.contains($0.module) }.map {
        let list = allowed.sorted().joined(separator: ", ")
        let remedy = "\(folder) may import \(list.isEmpty ? "nothing of ours" : list), not \($0.module)"
        return Offence(path: file.path, line: $0.line, remedy: remedy + ": move the code down, or pass it in")
      }
    },
    Rule(name: "every folder has its rung") { file in
      let isCModule = file.isUnder("Sources/CModules/")
      guard file.isSwift, file.isUnder("Sources/"), !isCModule, rung(of: file.path) == nil else { return [] }
      return [Offence(path: file.path, line: 1, remedy: "say in Rule+Imports.swift what this folder may import")]
    },
    Rule(name: "sources link no Foundation") { file in
      guard file.isSwift, file.isUnder("Sources/"), let (folder, _) = rung(of: file.path) else { return [] }
      return file.imports.filter { !isOurs($0.module) && !toolchain.contains($0.module) }.compactMap {
        if $0.module == "FoundationEssentials", foundationEssentials.contains(folder) { return nil }
        let remedy = "\($0.module) costs start-up time and size in every function: Glibc and Synchronization have to do"
        return Offence(path: file.path, line: $0.line, remedy: remedy)
      }
    },
    Rule(name: "tests are Swift Testing") { file in
      file.imports.filter { $0.module == "XCTest" }.map {
        Offence(path: file.path, line: $0.line, remedy: "make test runs Swift Testing only: this would never run")
      }
    },
  ]

  static func isOurs(_ module: String) -> Bool {
    let bytes = Array(module)
    let isC = bytes.count > 1 && bytes[0] == "C" && bytes[1].isUppercase
    return module.hasPrefix("Apus") || module == "apus" || isC
  }

  /// The longest row of the ladder that holds the path.
  private static func rung(of path: String) -> (folder: String, allowed: Set<String>)? {
    ladder.filter { path.hasPrefix($0.key + "/") }.max { $0.key.count < $1.key.count }
      .map { ($0.key, $0.value) }
  }
}

extension SourceFile {
  /// The modules imported, with the line of each.
  var imports: [(module: String, line: Int)] {
    guard isSwift else { return [] }
    let modifiers: Set<String> = ["public", "package", "internal", "private", "fileprivate"]
    let kinds: Set<String> = ["struct", "class", "enum", "protocol", "func", "var", "let", "typealias", "actor"]
    return code.enumerated().compactMap { index, line in
      let words = String(decoding: line, as: UTF8.self).split(separator: " ").map(String.init)
      guard let keyword = words.firstIndex(of: "import") else { return nil }
      // `@_spi(X) public import struct Module.Name`
      guard words[..<keyword].allSatisfy({ $0.hasPrefix("@") || modifiers.contains($0) }) else { return nil }
      let path = words[(keyword + 1)...].first { !kinds.contains($0) }
      guard let module = path?.split(separator: ".").first else { return nil }
      return (String(module), index + 1)
    }
  }
}
