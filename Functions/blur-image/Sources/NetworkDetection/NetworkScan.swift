internal import ObjectDetection

/// What lies where networks are looked for, as far as looking tells without reading any of it.
struct NetworkScan: Sendable, Equatable {
  struct File: Sendable, Equatable {
    let name: String
    let path: String
    let mark: Result<NetworkFile.Mark?, DetectionError>
    let descriptionPath: String
    let descriptionMark: Result<NetworkFile.Mark?, DetectionError>
  }

  let runtime: Result<NetworkFile.Mark?, DetectionError>
  let files: Result<[File], DetectionError>

  init(runtime: String, folder: String) {
    self.runtime = Self.mark(runtime)
    files = Result { () throws(DetectionError) in
      let names = try NetworkFile.names(in: folder, ending: ".onnx")
      guard names.count <= NetworkLimits.networks else {
        throw .unavailable("\(folder) has \(names.count) networks, \(NetworkLimits.networks) are allowed.")
      }
      return names.map { name in
        let path = "\(folder)/\(name)"
        let description = "\(path.dropLast(5)).json"
        return File(
          name: name, path: path, mark: Self.mark(path), descriptionPath: description,
          descriptionMark: Self.mark(description))
      }
    }
  }

  private static func mark(_ path: String) -> Result<NetworkFile.Mark?, DetectionError> {
    Result { () throws(DetectionError) in try NetworkFile.mark(path) }
  }
}
