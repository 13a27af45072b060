import Glibc

/// What an operator says about isolation.
enum IsolationWish {
  /// As much as the machine permits, or all of it; `libraries` are open to programs that are not static.
  case wanted(isRequired: Bool, libraries: [String])
  case refused

  init(isRequired: Bool, isRefused: Bool, libraries: [String]) throws {
    if isRequired, isRefused {
      throw GatewayError("--require-isolation and --no-isolation contradict each other: leave one out")
    }
    for folder in libraries where !folder.hasPrefix("/") || access(folder, R_OK | X_OK) != 0 {
      throw GatewayError("--libraries \(folder) is no folder that can be read: give its absolute path")
    }
    self = isRefused ? .refused : .wanted(isRequired: isRequired, libraries: libraries)
  }
}
