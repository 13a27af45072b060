import Glibc

/// The programs we compare with, compiled once per source and command, and kept in a cache folder.
struct Peers {
  static let sources = "Benchmarks/peers"
  let cache: String
  private let folder: String

  init(folder: String) throws(BenchError) {
    guard access(Self.sources, R_OK) == 0 else {
      throw .failed("there is no \(Self.sources) here: run bench from the repository's root")
    }
    guard let base = environmentValue("XDG_CACHE_HOME") ?? environmentValue("HOME").map({ $0 + "/.cache" }) else {
      throw .failed("neither HOME nor XDG_CACHE_HOME says where to keep compiled peers")
    }
    cache = base + "/apus/bench"
    self.folder = folder
    try makeFolders(cache)
  }

  /// The C server with one constant answer, as small as a static glibc program gets.
  func constant() throws(BenchError) -> String {
    try cc("constant", sources: ["constant.c"], flags: ["-static"])
  }

  /// The same, counted, with three allocations a request: proves that the counter counts.
  func countedConstant() throws(BenchError) -> String {
    try cc(
      "counted", sources: ["constant.c", "count_malloc.c"],
      flags: ["-static", "-DALLOCATIONS_PER_REQUEST=3"] + Self.wrapping.map { "-Wl,--wrap=\($0)" })
  }

  /// The object that counts calls of `wrapping` in whatever it is linked into.
  func allocationCounter() throws(BenchError) -> String {
    try cc("count_malloc.o", sources: ["count_malloc.c"], flags: ["-c"])
  }

  static let wrapping = ["malloc", "calloc", "realloc", "memalign", "aligned_alloc", "posix_memalign"]

  /// What starts a program again and again, as cheaply as C can.
  func spawner() throws(BenchError) -> String {
    try cc("spawn", sources: ["spawn.c"], flags: ["-static"])
  }

  func goServer() throws(BenchError) -> String { try go("server") }
  func goProxy() throws(BenchError) -> String { try go("proxy") }

  /// A file of the peers' folder with @NAME@ replaced, written to the scratch folder.
  func fill(_ template: String, values: [String: String]) throws(BenchError) -> String {
    var content = try text(of: "\(Self.sources)/\(template)")
    for (name, value) in values {
      content = content.split(separator: "@\(name)@", omittingEmptySubsequences: false).joined(separator: value)
    }
    let path = "\(folder)/\(template.split(separator: "/").joined(separator: "-"))"
    try write(content, to: path)
    return path
  }

  private func cc(_ name: String, sources: [String], flags: [String]) throws(BenchError) -> String {
    let compiler = try Tools.require("cc", for: "C peer (\(name))")
    return try compiled(name, sources: sources, compiler: compiler, arguments: ["-O2"] + flags + ["-o"])
  }

  private func go(_ name: String) throws(BenchError) -> String {
    let compiler = try Tools.require("go", for: "Go peer (\(name))")
    return try compiled("go-\(name)", sources: ["go/\(name).go"], compiler: compiler, arguments: ["build", "-o"])
  }

  private func compiled(
    _ name: String, sources: [String], compiler: String, arguments: [String]
  ) throws(BenchError) -> String {
    let paths = sources.map { "\(Self.sources)/\($0)" }
    var hash = Hash()
    hash.add(compiler + " " + arguments.joined(separator: " "))
    for path in paths { hash.add(try text(of: path)) }
    let target = "\(cache)/\(name)-\(hash.text)"
    if access(target, R_OK) == 0 { return target }
    Console.say("compiling \(name)")
    // Written under another name first, so that an interrupted compiler leaves nothing that looks done.
    let unfinished = "\(target).\(getpid())"
    defer { unlink(unfinished) }
    let launch = Launch(
      name: "\(compiler) (\(name))", path: compiler, arguments: arguments + [unfinished] + paths,
      environment: ["CGO_ENABLED": "0", "GOCACHE": "\(cache)/go", "GOFLAGS": "", "GO111MODULE": "off"],
      output: "\(folder)/compiler.log")
    _ = try ChildProcess.output(of: launch, secondsAtMost: 300)
    guard rename(unfinished, target) == 0 else { throw .system("cannot write \(target)") }
    return target
  }

  /// FNV-1a, 64 bits: enough to tell versions of a source apart.
  private struct Hash {
    private var value: UInt64 = 0xcbf2_9ce4_8422_2325

    mutating func add(_ text: String) {
      for byte in text.utf8 { value = (value ^ UInt64(byte)) &* 0x100_0000_01b3 }
    }

    var text: String { String(value, radix: 16) }
  }
}
