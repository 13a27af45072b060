// swift-tools-version: 6.2
import PackageDescription

// Every target of ours obeys the same rules; docs/decisions/0002 says why each is on.
let strict: [SwiftSetting] = [
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("InternalImportsByDefault"),
  .enableUpcomingFeature("MemberImportVisibility"),
  .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
  .treatAllWarnings(as: .error),
]

// A release executable carries all its libraries: no search, no relocation, one file to copy.
// `make build` adds --static-swift-stdlib and lld, which this flag needs.
let fullyStatic: [LinkerSetting] = [
  .unsafeFlags(["-static-executable"], .when(configuration: .release))
]

func library(_ name: String, _ dependencies: [Target.Dependency] = [], path: String? = nil) -> Target {
  .target(name: name, dependencies: dependencies, path: path ?? "Sources/\(name)", swiftSettings: strict)
}

func executable(_ name: String, _ dependencies: [Target.Dependency], path: String) -> Target {
  .executableTarget(
    name: name, dependencies: dependencies, path: path, swiftSettings: strict, linkerSettings: fullyStatic)
}

func tests(_ name: String, _ dependencies: [Target.Dependency]) -> Target {
  .testTarget(name: name, dependencies: dependencies, path: "Tests/\(name)", swiftSettings: strict)
}

func systemLibrary(_ name: String, pkgConfig: String, apt: String) -> Target {
  .systemLibrary(name: name, path: "Sources/CModules/\(name)", pkgConfig: pkgConfig, providers: [.apt([apt])])
}

let package = Package(
  name: "apus",
  products: [
    .library(name: "Apus", targets: ["Apus"]),
    .library(name: "ApusTesting", targets: ["ApusTesting"]),
    .executable(name: "apus", targets: ["apus"]),
    .executable(name: "hello", targets: ["hello"]),
  ],
  targets: [
    // C: system libraries and the calls that Glibc's module map leaves out.
    .target(name: "CLinux", path: "Sources/CModules/CLinux"),
    systemLibrary("CYAML", pkgConfig: "yaml-0.1", apt: "libyaml-dev"),

    // The ladder: each rung imports only what stands below it.
    library("ApusIO", ["CLinux"]),
    library("ApusHTTP", ["ApusIO"]),
    library("ApusModel"),
    library("ApusJSON"),
    library("ApusYAML", ["CYAML"]),
    library("ApusTelemetry"),
    library("ApusCommandLine"),
    library("Apus", ["ApusHTTP", "ApusIO", "ApusJSON", "ApusModel", "ApusTelemetry"]),
    library("ApusTesting", ["Apus", "ApusHTTP", "ApusIO"]),

    executable("apus", ["ApusCommandLine", "ApusHTTP", "ApusIO", "ApusTelemetry"], path: "Sources/apus"),
    executable("hello", ["Apus"], path: "Functions/hello"),

    tests("ApusTelemetryTests", ["ApusTelemetry"]),
    tests("TidyTests", []),
  ],
  swiftLanguageModes: [.v6]
)
