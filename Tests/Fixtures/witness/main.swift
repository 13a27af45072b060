import Apus
import Glibc

// A function that looks around in the world it was put into: each call is a verb and what it is about.

@Sendable func outcome(_ result: Int) -> String {
  result < 0 ? String(cString: strerror(errno)) : "ok"
}

@Sendable func names(in folder: String) -> String {
  guard let directory = opendir(folder) else { return outcome(-1) }
  defer { closedir(directory) }
  var names: [String] = []
  while let entry = readdir(directory) {
    let name = withUnsafeBytes(of: entry.pointee.d_name) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
    if name != ".", name != ".." { names.append(name) }
  }
  return names.sorted().joined(separator: " ")
}

@Sendable func contents(_ path: String) -> String {
  let file = open(path, O_RDONLY | O_CLOEXEC)
  guard file >= 0 else { return outcome(-1) }
  defer { close(file) }
  var bytes = [UInt8](repeating: 0, count: 65_536)
  let count = read(file, &bytes, bytes.count)
  return count < 0 ? outcome(-1) : String(decoding: bytes[..<count], as: UTF8.self)
}

@Sendable func make(_ path: String) -> String {
  let file = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0o660)
  guard file >= 0 else { return outcome(-1) }
  close(file)
  return "ok"
}

/// What comes of a connection to a port of this host.
@Sendable func dial(_ port: UInt16) -> String {
  let socket = Glibc.socket(AF_INET, CInt(SOCK_STREAM.rawValue), 0)
  defer { close(socket) }
  var address = sockaddr_in()
  address.sin_family = sa_family_t(AF_INET)
  address.sin_port = port.bigEndian
  address.sin_addr.s_addr = INADDR_LOOPBACK.bigEndian
  let result = withUnsafePointer(to: &address) { pointer in
    pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
      connect(socket, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
    }
  }
  return outcome(Int(result))
}

@Sendable func user() -> String {
  var groups = [gid_t](repeating: 0, count: 32)
  let count = getgroups(CInt(groups.count), &groups)
  return ([getuid(), getgid()] + groups[..<Int(max(0, count))]).map { "\($0)" }.joined(separator: " ")
}

@Sendable func useMemory(_ megabytes: Int) -> String {
  guard let memory = mmap(nil, megabytes << 20, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0),
    memory != MAP_FAILED
  else { return outcome(-1) }
  memset(memory, 1, megabytes << 20)
  munmap(memory, megabytes << 20)
  return "had it"
}

/// What the machine's administrators named for it, as it was stored.
@Sendable func secret(_ name: String) -> String {
  let folder = getenv("secret_mount_path").map { String(cString: $0) } ?? "/var/openfaas/secrets"
  return contents("\(folder)/\(name)")
}

/// Starts this program once more, in a session of its own, to stay until somebody ends it.
@Sendable func linger(_ mark: String) -> String {
  var attributes = posix_spawnattr_t()
  posix_spawnattr_init(&attributes)
  defer { posix_spawnattr_destroy(&attributes) }
  // POSIX_SPAWN_SETSID, which Glibc's module leaves out.
  posix_spawnattr_setflags(&attributes, 0x80)
  let words: [UnsafeMutablePointer<CChar>?] = ["witness", "linger", mark].map { (word: String) in strdup(word) }
  defer { for word in words { free(word) } }
  var process = pid_t()
  let code = posix_spawn(&process, "/proc/self/exe", nil, &attributes, words + [nil], environ)
  return code == 0 ? "ok" : String(cString: strerror(code))
}

/// Lines of a kilobyte on standard output.
@Sendable func shout(_ count: Int) -> String {
  let line = Array((String(repeating: "a", count: 1023) + "\n").utf8)
  for _ in 0..<count where write(1, line, line.count) != line.count { return outcome(-1) }
  return "ok"
}

@Sendable func rest(milliseconds: Int) async -> String {
  try? await Task.sleep(for: .milliseconds(milliseconds))
  return "ok"
}

if CommandLine.arguments.count > 1, CommandLine.arguments[1] == "linger" {
  while true { pause() }
}

serve { (text: String) in
  let words = text.split(separator: " ").map(String.init)
  let subject = words.last ?? ""
  return switch words.first ?? "" {
  case "list": names(in: subject)
  case "read": contents(subject)
  case "make": make(subject)
  case "dial": dial(UInt16(subject) ?? 0)
  case "user": user()
  case "secret": secret(subject)
  case "linger": linger(subject)
  case "shout": shout(Int(subject) ?? 0)
  case "pause": await rest(milliseconds: Int(subject) ?? 0)
  case "memory": useMemory(Int(subject) ?? 0)
  case "variable": getenv(subject).map { String(cString: $0) } ?? "unset"
  default: "no such verb"
  }
}
