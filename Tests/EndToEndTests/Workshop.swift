import ApusIO
import Glibc
import Instruments
import Testing

/// A folder with a function, its stack, and a `swift` that takes no time: its build copies the program of ours that
/// Sources/main.swift names. The real toolchain builds a new function in `A new function`.
final class Workshop {
  let folder: String

  init() throws {
    folder = try Shell.temporaryFolder()
    try write("bin/swift", Self.toolchain(programs: BuiltProgram.folder()))
    try write("greet/Package.swift", "// a package")
    try write("greet/Sources/main.swift", "hello")
    try write(
      "stack.yml",
      """
      version: 1.0
      provider:
        name: openfaas
      functions:
        greet:
          lang: swift
          handler: ./greet
          image: greet:latest

      """)
    _ = try Shell.run("chmod +x '\(folder)/bin/swift'")
  }

  deinit {
    _ = try? Shell.run("rm -rf '\(folder)'")
  }

  private static func toolchain(programs: String) -> String {
    """
    #!/bin/sh
    while [ $# -gt 0 ]; do
      case $1 in
        --package-path) package=$2 ;;
        --product) product=$2 ;;
      esac
      shift
    done
    echo "$product" >> "$package/../builds"
    echo "[1/1] Compiling $product main.swift"
    program=$(cat "$package/Sources/main.swift")
    case $program in
      broken*) echo "main.swift:1:1: error: expected expression"; exit 1 ;;
    esac
    mkdir -p "$package/.build/release"
    cp '\(programs)'/"$program" "$package/.build/release/$product.new"
    mv "$package/.build/release/$product.new" "$package/.build/release/$product"
    """
  }

  /// Writes a file, and the folders around it.
  func write(_ path: String, _ text: String) throws {
    let place = "\(folder)/\(path)"
    // Made beside and renamed, as editors do.
    _ = try Shell.run(
      "mkdir -p \"$(dirname '\(place)')\" && cat > '\(place).new' <<'END'\n\(text)\nEND\n"
        + "mv '\(place).new' '\(place)'"
    )
  }

  func text(_ path: String) throws -> String { try Shell.run("cat '\(folder)/\(path)' 2>/dev/null").output }

  /// How often something was built.
  var builds: Int { get throws { try text("builds").split(separator: "\n").count } }

  private var path: String { "\(folder)/bin:/usr/bin:/bin" }

  /// `apus up` or `apus dev`, as a program whose lines can be read.
  func start(_ command: String, _ arguments: [String] = []) throws -> Program {
    let places = ["-f", "\(folder)/stack.yml", "--port", "0", "--data", "\(folder)/data"]
    return try Program(
      "apus", [command] + places + arguments + Program.libraries(), environment: ["PATH": path], readsOutput: true)
  }

  /// What `apus` prints, on both streams unless `errors` go elsewhere, and its exit status; `arguments` as a shell
  /// reads them, `at` a folder in here.
  func apus(_ arguments: String, at place: String = ".", errors: String = "2>&1") throws -> (
    output: String, status: CInt
  ) {
    let environment = "env -u OPENFAAS_URL APUS_DATA='\(folder)/data' PATH='\(path)'"
    return try Shell.run(
      "cd '\(folder)/\(place)' && \(environment) '\(BuiltProgram.path("apus"))' \(arguments) \(errors)")
  }
}
