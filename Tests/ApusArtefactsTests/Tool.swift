import Foundation
import Instruments

/// A program that we did not write, run to its end: what it says is evidence that our own output could not be.
enum Tool {
  struct Failure: Error, CustomStringConvertible {
    var description: String
  }

  /// What it writes to standard output. All goes through files, so that it never waits for us.
  @discardableResult
  static func run(_ command: String..., input: [UInt8] = []) throws -> [UInt8] {
    let folder = try ScratchFolder()
    for name in ["out", "err"] { try folder.write(name, []) }
    try folder.write("in", input)
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = ["TZ=UTC", "LC_ALL=C.UTF-8"] + command
    process.standardInput = try FileHandle(forReadingFrom: folder.url("in"))
    process.standardOutput = try FileHandle(forWritingTo: folder.url("out"))
    process.standardError = try FileHandle(forWritingTo: folder.url("err"))
    try process.run()
    process.waitUntilExit()
    guard process.terminationStatus == 0 else {
      throw Failure(description: "\(command): \(String(decoding: try folder.read("err"), as: UTF8.self))")
    }
    return try folder.read("out")
  }

  /// An archive that `script` puts together with Python's tarfile: see the preamble for what it can call.
  static func python(_ script: String) throws -> [UInt8] {
    try run("python3", "-c", preamble + "sys.stdout.buffer.write(\(script))")
  }

  private static let preamble = """
    import sys, tarfile
    # All its names, those it does not export included.
    globals().update(vars(tarfile))
    def entry(name, data=b'', type=REGTYPE, mode=0o644, format=PAX_FORMAT, **more):
      info = TarInfo(name)
      info.type, info.size, info.mode = type, len(data), mode
      for key, value in more.items(): setattr(info, key, value)
      return info.tobuf(format) + data + bytes(-len(data) % 512)
    def patched(block, at, new):
      block = block[:at] + new + block[at + len(new):]
      block = block[:148] + b' ' * 8 + block[156:]
      return block[:148] + b'%06o\\0 ' % sum(block[:512]) + block[156:]
    def record(text):
      return entry('pax', text, type=b'x')
    def rec(text):
      length = len(text) + 2
      while len(str(length)) + len(text) + 2 != length: length = len(str(length)) + len(text) + 2
      return b'%d %s\\n' % (length, text)
    end = bytes(1024)

    """
}
