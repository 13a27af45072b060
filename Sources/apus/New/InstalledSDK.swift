import Glibc

/// The sources of the SDK that functions depend on: the checkout that this program was built in, or what
/// `make install` put beside it.
struct InstalledSDK {
  let path: String
  /// A checkout has other targets, whose names are taken.
  private let takenNames: [UInt8]

  /// `chosen` wins over what is found around this program.
  init(_ chosen: String?) throws(CommandError) {
    let places = chosen.map { [FolderPath.absolute($0)] } ?? Self.usualPlaces
    guard let path = places.first(where: Self.isSDK) else {
      throw CommandError(
        "there is no SDK of Apus in \(places.last ?? ""): run `make install` in a checkout of Apus, or name a checkout"
          + " with --sdk")
    }
    self.path = path
    let isInstalled = access("\(path)/.apus-sdk", R_OK) == 0
    takenNames = isInstalled ? [] : try Terminal.readFile("\(path)/Package.swift", limit: 1 << 20)
  }

  /// Targets of two packages that are built together can't have the same name.
  func takes(_ name: String) -> Bool {
    let quoted = Array("\"\(name)\"".utf8)
    return takenNames.indices.contains { takenNames[$0...].starts(with: quoted) }
  }

  private static var usualPlaces: [String] {
    let own = BuiltProgram.folder
    return FolderPath.around(own) + [FolderPath.absolute("\(own)/../share/apus/sdk")]
  }

  private static func isSDK(_ path: String) -> Bool {
    access("\(path)/Package.swift", R_OK) == 0 && access("\(path)/Sources/Apus", R_OK) == 0
  }
}
