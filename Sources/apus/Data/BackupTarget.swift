/// Where a backup goes: a file that appears whole, or standard output.
struct BackupTarget: ~Copyable {
  private var file: NewPrivateFile?

  /// `-` is standard output.
  init(_ path: String) throws {
    if path != "-" {
      file = try NewPrivateFile(path)
    } else if Terminal.isOutputTerminal {
      throw CommandError("a backup is nothing for a terminal: name a file, or send it on (apus backup - | …)")
    }
  }

  mutating func write(_ bytes: UnsafeRawBufferPointer) throws {
    guard let file = file.take() else { return try Terminal.give(bytes) }
    try file.write(bytes)
    self.file = consume file
  }

  mutating func finish() throws {
    if let file = file.take() { try file.finish() }
  }
}
