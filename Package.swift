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

// What functions link: one use of a string algorithm from the regular expression library would add its 1.5 MB to each,
// so that library is not in sight here.
let small: [SwiftSetting] =
  strict + [.unsafeFlags(["-Xfrontend", "-disable-implicit-string-processing-module-import"])]

// The two modules under every byte trade the run-time check of exclusive access, about a microsecond a request, for the
// test suite's: debug builds and the thread sanitizer keep it on. docs/decisions/0007 has the figures.
let hot: [SwiftSetting] =
  small + [.unsafeFlags(["-enforce-exclusivity=unchecked"], .when(configuration: .release))]

// A release executable carries all its libraries: no search, no relocation, one file to copy.
// `make build` adds --static-swift-stdlib and lld, which this flag needs.
let fullyStatic: [LinkerSetting] = [
  .unsafeFlags(["-static-executable"], .when(configuration: .release))
]

func library(
  _ name: String, _ dependencies: [Target.Dependency] = [], settings: [SwiftSetting] = small
) -> Target {
  .target(name: name, dependencies: dependencies, path: "Sources/\(name)", swiftSettings: settings)
}

// Arithmetic is fast in debug builds, too: the clock that a function works against is the same in tests.
let arithmetic: [SwiftSetting] = small + [.unsafeFlags(["-O"], .when(configuration: .debug))]

// What answers in a function, apart from its `main`, so that tests can call it without a process.
func part(
  of function: String, _ name: String, _ dependencies: [Target.Dependency] = [], settings: [SwiftSetting] = small
) -> Target {
  .target(
    name: name, dependencies: dependencies, path: "Functions/\(function)/Sources/\(name)", swiftSettings: settings)
}

func executable(_ name: String, _ dependencies: [Target.Dependency], path: String) -> Target {
  .executableTarget(
    name: name, dependencies: dependencies, path: path, swiftSettings: strict, linkerSettings: fullyStatic)
}

func function(_ name: String, _ dependencies: [Target.Dependency]) -> Target {
  executable(name, ["Apus"] + dependencies, path: "Functions/\(name)/Sources/\(name)")
}

/// A function that loads libraries which have no static form, or are an operator's (docs/decisions/0018, 0022): all
/// else is linked in.
func loadingFunction(_ name: String, _ dependencies: [Target.Dependency]) -> Target {
  .executableTarget(
    name: name, dependencies: ["Apus"] + dependencies, path: "Functions/\(name)/Sources/\(name)",
    swiftSettings: strict)
}

func tests(_ name: String, _ dependencies: [Target.Dependency], exclude: [String] = []) -> Target {
  .testTarget(
    name: name, dependencies: dependencies + ["Instruments"], path: "Tests/\(name)", exclude: exclude,
    swiftSettings: strict)
}

// Without pkg-config, whose `-L` would come before the folder of static libraries that `make build` names; headers and
// libraries are where the compiler looks anyway, and the module maps name the latter.
func systemLibrary(_ name: String, apt: String) -> Target {
  .systemLibrary(name: name, path: "Sources/CModules/\(name)", providers: [.apt([apt])])
}

let gatewayParts: [Target.Dependency] = [
  "ApusAccess", "ApusArtefacts", "ApusDeployment", "ApusHTTP", "ApusIO", "ApusJSON", "ApusLauncher", "ApusLogs",
  "ApusModel", "ApusStore",
  "ApusTelemetry",
]

let watchdogParts: [Target.Dependency] = [
  "ApusAccess", "ApusContract", "ApusHTTP", "ApusIO", "ApusJSON", "ApusLauncher", "ApusLogs", "ApusModel",
  "ApusTelemetry", "CLinux",
]

// What tests that start programs and talk to them stand on.
let started: [Target.Dependency] = ["ApusHTTP", "ApusIO", "ApusLauncher"]

// What answers in the functions of accounts.
let accountFunctions: [Target.Dependency] = ["ApusAccountsHTTP", "Authenticate", "CreateAccount"]

// What tests of functions see of them.
let functionTests: [Target.Dependency] = started + ["Apus", "ApusContract", "ApusTelemetry", "ApusTesting"]

// What the end-to-end tests run.
let runPrograms: [Target.Dependency] = [
  "apus", "apus-gateway", "apus-watchdog", "authenticate", "create-account", "hello", "issuer", "lifecycle-fixture",
  "witness",
]

// What blur-image knows about images and calls, apart from the program.
let blurParts: [Target.Dependency] = [
  "BlurImage", "ImageCodecs", "ImageModel", "ImageRedaction", "NetworkDetection", "ObjectDetection",
]

let package = Package(
  name: "apus",
  products: [
    .library(name: "Apus", targets: ["Apus"]),
    .library(name: "ApusTesting", targets: ["ApusTesting"]),
    .executable(name: "apus", targets: ["apus"]),
    .executable(name: "apus-gateway", targets: ["apus-gateway"]),
    .executable(name: "apus-watchdog", targets: ["apus-watchdog"]),
    .executable(name: "hello", targets: ["hello"]),
    .executable(name: "blur-image", targets: ["blur-image"]),
    .executable(name: "forecast", targets: ["forecast"]),
    .executable(name: "create-account", targets: ["create-account"]),
    .executable(name: "authenticate", targets: ["authenticate"]),
  ],
  targets: [
    // C: system libraries and the calls that Glibc's module map leaves out.
    .target(name: "CLinux", path: "Sources/CModules/CLinux"),
    systemLibrary("CYAML", apt: "libyaml-dev"),
    systemLibrary("CSodium", apt: "libsodium-dev"),
    // Loads libmongoc when accounts are kept there; only its headers are needed here.
    .target(
      name: "CMongo", path: "Sources/CModules/CMongo",
      cSettings: [.unsafeFlags(["-I/usr/include/libmongoc-1.0", "-I/usr/include/libbson-1.0"])]),
    .target(name: "CFiles", path: "Sources/CModules/CFiles"),
    .target(
      name: "COpenSSL", path: "Sources/CModules/COpenSSL",
      linkerSettings: [.linkedLibrary("ssl"), .linkedLibrary("crypto")]),
    systemLibrary("CSQLite", apt: "libsqlite3-dev"),
    systemLibrary("CQREncode", apt: "libqrencode-dev"),
    // Codecs and cascades of blur-image.
    .target(
      name: "CImageCodecs", path: "Sources/CModules/CImageCodecs",
      linkerSettings: [
        .linkedLibrary("jpeg"), .linkedLibrary("png16"), .linkedLibrary("webp"), .linkedLibrary("z"),
        .linkedLibrary("m"),
      ]),
    .target(name: "CCascades", path: "Sources/CModules/CCascades", exclude: ["packed"]),
    // Loads the operator's ONNX Runtime when it is asked for; nothing of that is needed here.
    .target(name: "COnnxRuntime", path: "Sources/CModules/COnnxRuntime"),

    // The ladder: each rung imports only what stands below it.
    library("ApusIO", ["CLinux"], settings: hot),
    // Apart from ApusIO, so that a function, which starts no programs, does not link 76 KB of how to.
    library("ApusLauncher", ["ApusIO", "CLinux"]),
    library("ApusHTTP", ["ApusIO", "CLinux"], settings: hot),
    // Apart from ApusHTTP, so that a program without TLS does not link libssl.
    library("ApusTLS", ["ApusHTTP", "ApusIO", "CLinux", "COpenSSL"]),
    library("ApusModel"),
    library("ApusJSON"),
    library("ApusYAML", ["CYAML"]),
    // Apart from ApusModel, which every function links: 48 KB of what only a gateway and the CLI ask for.
    library("ApusDeployment", ["ApusModel", "ApusJSON"]),
    library("ApusStack", ["ApusDeployment", "ApusModel", "ApusYAML"]),
    library("ApusTelemetry"),
    library("ApusStore", ["ApusIO", "ApusModel", "CSQLite", "CSodium"]),
    library("ApusAccess", ["ApusHTTP", "ApusIO", "ApusJSON", "ApusModel", "CSodium"]),
    library("ApusAccounts", ["ApusAccess", "ApusIO", "ApusJSON", "ApusModel", "ApusStore", "CMongo", "CSodium"]),
    // Apart from ApusAccounts, so that who only signs people in does not link libqrencode, which has no static form.
    library("ApusQRCode", ["CQREncode"]),
    library("ApusCommandLine", ["ApusModel"]),
    library("ApusArtefacts", ["ApusIO", "ApusModel", "CFiles", "CSodium"]),
    library("ApusLogs", ["ApusIO", "ApusJSON", "ApusModel", "ApusTelemetry"]),
    // What the SDK and the watchdog have in common: both serve functions behind the contract of of-watchdog.
    library("ApusContract", ["ApusHTTP", "ApusIO", "ApusModel", "ApusTelemetry"]),
    library("Apus", ["ApusContract", "ApusHTTP", "ApusIO", "ApusJSON", "ApusModel", "ApusTelemetry"]),
    library("ApusWatchdog", watchdogParts),
    // The gateway's decisions and, around them, what carries them out.
    library("ApusGateway", gatewayParts),
    library("ApusAccountsHTTP", ["Apus", "ApusAccess", "ApusAccounts", "ApusIO", "ApusJSON", "ApusModel"]),
    library("ApusTesting", ["Apus", "ApusContract", "ApusHTTP", "ApusIO", "ApusTelemetry"]),

    executable(
      "apus",
      [
        "ApusArtefacts", "ApusCommandLine", "ApusDeployment", "ApusHTTP", "ApusIO", "ApusJSON", "ApusLauncher",
        "ApusModel", "ApusStack", "ApusTLS", "ApusYAML",
      ],
      path: "Sources/apus"),
    executable(
      "apus-gateway", gatewayParts + ["ApusCommandLine", "ApusGateway", "ApusTLS", "CLinux"],
      path: "Sources/apus-gateway"),
    executable("apus-watchdog", ["ApusCommandLine", "ApusWatchdog"], path: "Sources/apus-watchdog"),
    executable("hello", ["Apus"], path: "Functions/hello"),
    part(of: "forecast", "Forecasting", settings: arithmetic),
    part(of: "forecast", "ForecastAPI", ["Apus", "ApusJSON", "Forecasting"]),
    function("forecast", ["ForecastAPI"]),
    part(
      of: "create-account", "CreateAccount",
      ["Apus", "ApusAccounts", "ApusAccountsHTTP", "ApusJSON", "ApusQRCode"]),
    loadingFunction("create-account", ["ApusAccountsHTTP", "CreateAccount"]),
    part(of: "authenticate", "Authenticate", ["Apus", "ApusAccounts", "ApusAccountsHTTP", "ApusJSON"]),
    loadingFunction("authenticate", ["ApusAccountsHTTP", "Authenticate"]),
    // What blur-image knows about images; only the last of these knows of HTTP.
    part(of: "blur-image", "ImageModel", settings: arithmetic),
    part(of: "blur-image", "ImageCodecs", ["CImageCodecs", "ImageModel"], settings: arithmetic),
    part(of: "blur-image", "ObjectDetection", ["CCascades", "ImageModel"], settings: arithmetic),
    part(of: "blur-image", "ImageRedaction", ["ImageModel"], settings: arithmetic),
    part(
      of: "blur-image", "NetworkDetection", ["ApusJSON", "COnnxRuntime", "CSodium", "ImageModel", "ObjectDetection"],
      settings: arithmetic),
    part(
      of: "blur-image", "BlurImage",
      [
        "Apus", "ApusJSON", "ApusModel", "ImageCodecs", "ImageModel", "ImageRedaction", "NetworkDetection",
        "ObjectDetection",
      ]),
    loadingFunction("blur-image", ["BlurImage", "ImageCodecs", "NetworkDetection"]),

    // Rulers: they measure, and ship nowhere. `bench` depends on nothing of ours, so that our changes cannot bend it.
    .target(name: "CBenchSpawn", path: "Benchmarks/CBenchSpawn"),
    .executableTarget(name: "bench", dependencies: ["CBenchSpawn"], path: "Benchmarks/bench", swiftSettings: strict),
    executable("bench-proxy", ["ApusHTTP", "ApusIO"], path: "Benchmarks/proxy"),
    executable("bench-json", ["ApusJSON"], path: "Benchmarks/json"),

    // What every suite may measure with.
    .target(
      name: "Instruments", dependencies: ["ApusIO", "CLinux"], path: "Tests/Instruments", swiftSettings: strict),
    // A MongoDB server of a test's own, apart from what needs no driver.
    .target(
      name: "DatabaseInstruments", dependencies: ["ApusAccounts", "ApusIO", "CMongo", "Instruments"],
      path: "Tests/DatabaseInstruments", swiftSettings: strict),
    tests("ApusIOTests", ["ApusIO", "ApusLauncher", "CLinux"]),
    tests("ApusLauncherTests", ["ApusIO", "ApusLauncher", "CLinux", "isolation-fixture", "isolation-launcher"]),
    tests("ApusHTTPTests", ["ApusHTTP", "ApusIO", "CLinux"]),
    // Static in every build, since it is all that there is in its root; so no sanitizer may have it.
    .executableTarget(
      name: "isolation-fixture", path: "Tests/Fixtures/isolation",
      cSettings: [.unsafeFlags(["-fno-sanitize=all"])],
      linkerSettings: [.unsafeFlags(["-static-executable", "-Xclang-linker", "-fno-sanitize=all"])]),
    executable("isolation-launcher", ["ApusIO", "ApusLauncher"], path: "Tests/Fixtures/launcher"),
    tests("ApusTLSTests", ["ApusTLS", "ApusHTTP", "ApusIO", "ApusLauncher"]),
    tests("ApusArtefactsTests", ["ApusArtefacts", "ApusIO", "ApusModel"]),
    tests("ApusJSONTests", ["ApusJSON"]),
    tests("ApusModelTests", ["ApusModel"]),
    tests("ApusDeploymentTests", ["ApusDeployment", "ApusModel", "ApusJSON"]),
    tests("ApusStackTests", ["ApusStack", "ApusDeployment", "ApusModel", "ApusJSON"], exclude: ["Golden"]),
    tests("ApusYAMLTests", ["ApusYAML"]),
    tests("ApusTelemetryTests", ["ApusTelemetry"]),
    tests("ApusStoreTests", ["ApusStore", "ApusIO", "ApusLauncher", "ApusModel", "CSodium", "store-fixture"]),
    executable("store-fixture", ["ApusIO", "ApusModel", "ApusStore"], path: "Tests/Fixtures/store"),
    tests("ApusLogsTests", ["ApusLogs", "ApusIO", "ApusJSON", "ApusModel", "ApusTelemetry"]),
    tests("ApusTests", functionTests + ["forecast", "hello", "lifecycle-fixture"]),
    tests("ForecastTests", ["Apus", "ApusJSON", "ApusTesting", "ForecastAPI", "Forecasting"]),
    executable("lifecycle-fixture", ["Apus"], path: "Tests/Fixtures/lifecycle"),
    tests("BlurImageTests", blurParts + ["Apus", "ApusTesting", "blur-image"]),
    tests("ApusAccessTests", ["ApusAccess", "ApusHTTP", "ApusIO", "ApusModel"]),
    tests("ApusAccountsTests", ["ApusAccess", "ApusAccounts", "ApusIO", "ApusJSON", "DatabaseInstruments"]),
    tests("AccountFunctionTests", accountFunctions + ["Apus", "ApusAccounts", "ApusIO", "ApusJSON", "ApusTesting"]),
    tests("ApusQRCodeTests", ["ApusIO", "ApusQRCode"]),
    tests("ApusWatchdogTests", started + ["ApusWatchdog", "apus-watchdog"]),
    tests("ApusGatewayTests", started + ["ApusDeployment", "ApusGateway", "ApusModel", "hello"]),
    tests("EndToEndTests", ["ApusIO", "ApusJSON", "ApusLauncher", "DatabaseInstruments"] + runPrograms),
    executable("issuer", ["Apus"], path: "Tests/Fixtures/issuer"),
    executable("witness", ["Apus"], path: "Tests/Fixtures/witness"),
    tests("TidyTests", []),
    tests("ApusCommandLineTests", ["ApusCommandLine"]),
  ],
  swiftLanguageModes: [.v6]
)
