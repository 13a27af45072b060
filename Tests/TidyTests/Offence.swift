/// A place where the tree breaks a rule of the house, and what to do about it.
struct Offence: Hashable, CustomStringConvertible {
  var path: String
  /// Counted from 1.
  var line: Int
  var remedy: String

  var description: String { "\(path):\(line): \(remedy)" }
}
