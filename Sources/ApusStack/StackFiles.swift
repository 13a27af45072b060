/// Reads the files that a stack names, by their paths as written.
package protocol StackFiles {
  /// At most `limit` bytes.
  func read(_ path: String, limit: Int) throws(StackFileError) -> [UInt8]
}
