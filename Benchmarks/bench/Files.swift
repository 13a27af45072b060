import Glibc

/// The bytes of a file, whole; also good for /proc, where sizes are unknown.
func bytes(of path: String) throws(BenchError) -> [UInt8] {
  let descriptor = open(path, O_RDONLY | O_CLOEXEC)
  guard descriptor >= 0 else { throw .system("cannot read \(path)") }
  defer { close(descriptor) }
  var content: [UInt8] = []
  var buffer = [UInt8](repeating: 0, count: 65_536)
  while true {
    let count = read(descriptor, &buffer, buffer.count)
    if count == 0 { return content }
    guard count > 0 else { throw .system("cannot read \(path)") }
    content.append(contentsOf: buffer[..<count])
  }
}

func text(of path: String) throws(BenchError) -> String {
  String(decoding: try bytes(of: path), as: UTF8.self)
}

func write(_ text: String, to path: String) throws(BenchError) { try write(Array(text.utf8), to: path) }

func write(_ content: [UInt8], to path: String) throws(BenchError) {
  let descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
  guard descriptor >= 0 else { throw .system("cannot write \(path)") }
  defer { close(descriptor) }
  var rest = content[...]
  while !rest.isEmpty {
    let count = rest.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
    guard count > 0 else { throw .system("cannot write \(path)") }
    rest = rest.dropFirst(count)
  }
}

func size(of path: String) throws(BenchError) -> Int {
  var information = stat()
  guard stat(path, &information) == 0 else { throw .system("cannot read \(path)") }
  return Int(information.st_size)
}

/// The names in a folder, but for "." and "..".
func names(in path: String) throws(BenchError) -> [String] {
  guard let folder = opendir(path) else { throw .system("cannot list \(path)") }
  defer { closedir(folder) }
  var names: [String] = []
  while let entry = readdir(folder) {
    let name = withUnsafePointer(to: &entry.pointee.d_name) { tuple in
      tuple.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
    }
    if name != "." && name != ".." { names.append(name) }
  }
  return names
}

func makeFolders(_ path: String) throws(BenchError) {
  for (index, character) in path.enumerated() where character == "/" && index > 0 {
    mkdir(String(path.prefix(index)), 0o755)
  }
  guard mkdir(path, 0o755) == 0 || errno == EEXIST else { throw .system("cannot make \(path)") }
}

func environmentValue(_ name: String) -> String? {
  getenv(name).map { String(cString: $0) }
}
