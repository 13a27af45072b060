/// The files of a new function in Swift.
struct SwiftTemplate: FunctionTemplate {
  let name: String
  let sdk: String
  /// How the stack is named on the command line of the README's example; nil for the folder's own.
  let stack: String?

  let stackLines = ["lang: swift"]

  var files: [TemplateText] {
    [
      TemplateText(path: "Package.swift", text: package), TemplateText(path: "Sources/main.swift", text: Self.source),
      TemplateText(path: ".gitignore", text: ".build/\n"), TemplateText(path: "README.md", text: readme),
    ]
  }

  private var package: String {
    """
    // swift-tools-version: 6.2
    import PackageDescription

    let package = Package(
      name: "\(name)",
      dependencies: [
        // The SDK of the Apus that made this folder; nothing is fetched.
        .package(name: "apus", path: "\(sdk)")
      ],
      targets: [
        .executableTarget(
          name: "\(name)",
          dependencies: [.product(name: "Apus", package: "apus")],
          path: "Sources",
          // A release carries all its libraries: one file, which starts in milliseconds.
          linkerSettings: [.unsafeFlags(["-static-executable"], .when(configuration: .release))])
      ],
      swiftLanguageModes: [.v6]
    )

    """
  }

  private static let source = """
    import Apus

    // The closure gets the body of each call, and what it returns is the answer. A second parameter, a `Context`, has
    // secrets, the deadline and the call's id; a Codable type in place of String is read and written as JSON.
    serve { (name: String) in "Hello, \\(name.isEmpty ? "World" : name)!" }

    """

  private var readme: String {
    let option = stack.map { " -f \($0)" } ?? ""
    return """
      # \(name)

      A function for Apus, made by `apus new`.

          apus up\(option)                        build it, start a gateway with it
          apus invoke \(name) -d Swift
          apus dev\(option)                       the same, and build it again whenever Sources/ changes

      Sources/main.swift is the whole function. Package.swift names the SDK by its place on this machine. By hand it is
      built with:

          swift build -c release --static-swift-stdlib -Xswiftc -use-ld=lld

      """
  }
}
