import Apus
import ApusIO
import ApusTesting
import Glibc
import Testing

@Suite struct `A secret` {
  @Test(
    arguments: [
      ([:], ["/var/openfaas/secrets"]), (["secret_mount_path": "/run/s"], ["/run/s", "/var/openfaas/secrets"]),
      (["secret_mount_path": ""], ["/var/openfaas/secrets"]),
    ] as [([String: String], [String])]) func `is looked for in order`(environment: [String: String], folders: [String])
  {
    #expect(Secrets(ProcessEnvironment(environment)).folders == folders)
  }

  @Test func `is the file of its name, as stored`() throws {
    let folder = try Folder()
    try folder.write("api-key", Array("s3cret\n".utf8))
    let secret = try folder.secrets.read("api-key")
    #expect(secret.bytes == Array("s3cret\n".utf8))
    #expect(secret.text == "s3cret")
  }

  @Test func `prints as stars`() async throws {
    let handler = Handler { (_: Request, context: Context) in
      let secret = try context.secret("key")
      return .text("\(secret) \(String(reflecting: secret)) \(["k": secret])")
    }
    let answer = try await TestedFunction(handler, secrets: ["key": Array("hunter2".utf8)]).call(Request())
    #expect(answer.text == "*** *** [\"k\": ***]")
  }

  @Test func `that is dumped shows nothing`() throws {
    let folder = try Folder()
    try folder.write("key", Array("hunter2".utf8))
    var text = ""
    dump(try folder.secrets.read("key"), to: &text)
    #expect(!text.contains("104"), "\(text)")
  }

  @Test(arguments: [("a", "a"), ("a\n", "a"), ("a\r\n", "a"), ("a\n\n", "a\n"), ("\n", ""), ("", "")])
  func `as text loses one line break`(stored: String, text: String) throws {
    let folder = try Folder()
    try folder.write("key", Array(stored.utf8))
    #expect(try folder.secrets.read("key").text == text)
  }

  @Test func `that is not UTF-8 has no text`() throws {
    let folder = try Folder()
    try folder.write("key", [0xC0, 0x80])
    #expect(try folder.secrets.read("key").text == nil)
  }

  @Test func `that is missing says where it was looked for and what to do`() throws {
    let folder = try Folder()
    let error = #expect(throws: SecretError.self) { try folder.secrets.read("api-key") }
    let text = try #require(error).description
    #expect(text.contains("“api-key” is not in \(folder.path) nor /var/openfaas/secrets"))
    #expect(text.contains("apus secret create api-key"))
  }

  @Test(arguments: ["", "../etc/passwd", "a/b", "A", "a b", ".", "..", "a\0b", "-a"])
  func `has a name that can't leave its folder`(name: String) throws {
    let folder = try Folder()
    let error = #expect(throws: SecretError.self) { try folder.secrets.read(name) }
    #expect(error?.description.contains("secret name") == true)
  }

  @Test func `may have a mebibyte and not more`() throws {
    let folder = try Folder()
    try folder.write("fits", [UInt8](repeating: 7, count: 1 << 20))
    try folder.write("exceeds", [UInt8](repeating: 7, count: 1 << 20 | 1))
    #expect(try folder.secrets.read("fits").bytes.count == 1 << 20)
    #expect(throws: SecretError.self) { try folder.secrets.read("exceeds") }
  }

  @Test func `that is a folder is an error that names it`() throws {
    let folder = try Folder()
    mkdir("\(folder.path)/key", 0o700)
    let error = #expect(throws: SecretError.self) { try folder.secrets.read("key") }
    #expect(error?.description.contains("\(folder.path)/key") == true)
    rmdir("\(folder.path)/key")
  }

  @Test func `of a test stands alone`() async throws {
    let handler = Handler { (_: Request, context: Context) in .text(try context.secret("other").text ?? "") }
    #expect(try await TestedFunction(handler, secrets: ["key": [1]]).call(Request()).status == 500)
  }
}

/// A folder of secrets, for one test.
private final class Folder {
  let path: String
  private var files: [String] = []

  init() throws {
    var template = Array("/tmp/apus-secrets-XXXXXX".utf8CString)
    guard mkdtemp(&template) != nil else { throw SystemError(errno, "make a folder") }
    path = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }

  var secrets: Secrets { Secrets(ProcessEnvironment(["secret_mount_path": path])) }

  func write(_ name: String, _ bytes: [UInt8]) throws {
    let file = "\(path)/\(name)"
    let descriptor = open(file, O_CREAT | O_WRONLY, 0o600)
    guard descriptor >= 0 else { throw SystemError(errno, "make", file) }
    defer { close(descriptor) }
    files.append(file)
    guard Glibc.write(descriptor, bytes, bytes.count) == bytes.count else { throw SystemError(errno, "write", file) }
  }

  deinit {
    for file in files { unlink(file) }
    rmdir(path)
  }
}
