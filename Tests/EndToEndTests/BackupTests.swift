import ApusIO
import ApusJSON
import Glibc
import Testing

@Suite(.serialized) struct `A backup of a gateway` {
  /// A gateway with a function that has a secret and a volume.
  private func gateway() throws -> RunningGateway {
    let gateway = try RunningGateway()
    let secret = #"-d '{"name":"key","value":"open sesame"}'"#
    #expect(try gateway.admin("/system/secrets", "-X POST \(secret)").status == 202)
    #expect(try gateway.admin("/system/volumes/files?path=a/b", "-X PUT --data-binary kept").status == 200)
    try gateway.deploy(
      "witness", as: "witness", #","secrets":["key"],"annotations":{"com.apus.volume.files":"/data"}"#)
    #expect(try ask(gateway, "variable HOME") == "/tmp")
    return gateway
  }

  private func ask(_ gateway: RunningGateway, _ question: String) throws -> String {
    try gateway.curl("/function/witness", "-d '\(question)'").body
  }

  private func apus(_ gateway: RunningGateway, _ words: String, errors: String = "2>&1") throws -> (
    output: String, status: CInt
  ) {
    let environment = "env -u OPENFAAS_URL APUS_DATA='\(gateway.folder)'"
    return try Shell.run(
      "cd '\(gateway.folder)' && \(environment) '\(Program.path("apus"))' \(words) \(errors)"
    )
  }

  @Test func `brings a gateway back that serves what was served`() throws {
    let old = try gateway()
    #expect(try apus(old, "backup b.tar --with-key b.key").status == 0)
    let files = try Shell.run("cd '\(old.folder)' && stat -c '%a' b.tar b.key && tar -tf b.tar | grep -c key").output
    #expect(files == "600\n600\n0\n", "the key is apart")
    let folder = try Shell.temporaryFolder()
    let restored = try apus(old, "restore b.tar --key b.key --data '\(folder)' -o json")
    #expect(restored.status == 0, "\(restored.output)")
    let json = try JSON.parse(Array(restored.output.utf8))
    #expect(json["closed_secrets"]?.arrayValue?.isEmpty == true)

    let new = try RunningGateway(folder: folder)
    #expect(try new.admin("/system/functions").status == 200, "the credentials are the same")
    let question = "read \(try ask(new, "variable secret_mount_path"))/key"
    #expect(try ask(new, question) == "open sesame")
    #expect(try new.admin("/system/volumes/files?path=a/b").body == "kept")
    guard try new.admin("/system/info").body.contains(#""mounts":"in force""#) else { return }
    #expect(try ask(new, "read /data/a/b") == "kept")
    #expect(try ask(new, "make /data/a/c") == "ok")
  }

  @Test func `names the secrets that it can't open without the key, and refuses a key that does not fit`() throws {
    let old = try gateway()
    #expect(try apus(old, "backup b.tar").status == 0)
    let closed = try apus(old, "restore b.tar --data r1")
    #expect(closed.status == 0)
    #expect(closed.output.contains("these secrets stay closed: key"))
    _ = try Shell.run("head -c 32 /dev/urandom > '\(old.folder)/other' && chmod 600 '\(old.folder)/other'")
    let wrong = try apus(old, "restore b.tar --data r2 --key other")
    #expect(wrong.status == 1)
    #expect(wrong.output.contains("does not open key"), "\(wrong.output)")
    #expect(try Shell.run("ls -d '\(old.folder)'/*r2*").output == "")
  }

  @Test func `is restored whole or not at all`() throws {
    let old = try gateway()
    #expect(try apus(old, "backup b.tar").status == 0)
    let size = try #require(Int(try Shell.run("stat -c %s '\(old.folder)/b.tar' | tr -d '\\n'").output))
    for count in [0, 600, size / 2, size - 1024] {
      _ = try Shell.run("head -c \(count) '\(old.folder)/b.tar' > '\(old.folder)/cut.tar'")
      let answer = try apus(old, "restore cut.tar --data r")
      #expect(answer.status == 1)
      #expect(answer.output.contains("no whole backup"), "\(answer.output)")
    }
    for (entry, words) in [("evil", "has evil in it"), ("report.json", "comes twice")] {
      let other = "cp b.tar other.tar && echo 1 > \(entry) && tar -rf other.tar \(entry)"
      _ = try Shell.run("cd '\(old.folder)' && \(other)")
      #expect(try apus(old, "restore other.tar --data r").output.contains(words))
    }
    #expect(try Shell.run("ls -A '\(old.folder)' | grep -c restoring").output == "0\n")
    #expect(access("\(old.folder)/r", F_OK) != 0)
  }

  @Test func `is not restored over what is there, unless that is asked for, and never under a running gateway`() throws
  {
    let old = try gateway()
    #expect(try apus(old, "backup b.tar --with-key b.key").status == 0)
    #expect(try apus(old, "backup b.tar").status == 1, "a file that is there stays")
    #expect(try apus(old, "backup c.tar --with-key b.key").status == 1)
    #expect(try apus(old, "backup c.tar --with-key c.tar").status == 1)
    #expect(access("\(old.folder)/c.tar", F_OK) != 0, "nothing is saved without its key")
    let running = try apus(old, "restore b.tar --replace")
    #expect(running.status == 1)
    #expect(running.output.contains("uses"), "\(running.output)")
    _ = try Shell.run("mkdir -p '\(old.folder)/r/state' && echo mine > '\(old.folder)/r/file'")
    let full = try apus(old, "restore b.tar --data r")
    #expect(full.status == 1)
    #expect(full.output.contains("--replace"), "\(full.output)")
    #expect(try apus(old, "restore b.tar --data r --replace").status == 0)
    #expect(access("\(old.folder)/r/state/apus.db", F_OK) == 0)
    #expect(try Shell.run("cat '\(old.folder)'/r.before-*/file").output == "mine\n")
  }

  @Test func `has SQLite's own copy of a SQLite file that is in use`() throws {
    let old = try gateway()
    let place = "\(old.folder)/volumes/openfaas-fn/files"
    // Open until it is ended: its row is in the log only.
    let sql = "PRAGMA journal_mode=WAL; CREATE TABLE t (x); INSERT INTO t VALUES (42);"
    _ = try Shell.run(
      "mkfifo '\(old.folder)/sql'; (sqlite3 '\(place)/live.db' < '\(old.folder)/sql' >/dev/null 2>&1 &)"
        + " ; exec 3> '\(old.folder)/sql'; echo '\(sql)' >&3;"
        + " for i in $(seq 100); do [ -s '\(place)/live.db-wal' ] && break; sleep 0.05; done;"
        + " cp '\(place)/live.db' '\(old.folder)/alone.db';"
        + " cd '\(old.folder)' && env -u OPENFAAS_URL APUS_DATA=. '\(Program.path("apus"))' backup b.tar; exec 3>&-")
    #expect(try Shell.run("sqlite3 '\(old.folder)/alone.db' 'SELECT x FROM t' 2>/dev/null").output == "")
    #expect(try apus(old, "restore b.tar --data r").status == 0)
    let restored = "\(old.folder)/r/volumes/openfaas-fn/files"
    #expect(try Shell.run("sqlite3 '\(restored)/live.db' 'SELECT x FROM t'").output == "42\n")
    #expect(try Shell.run("ls '\(restored)' | grep live").output == "live.db\n", "no log of another moment")
  }

  @Test func `goes on past what functions may leave in volumes, and says what it left out`() throws {
    let old = try gateway()
    let place = "\(old.folder)/volumes/openfaas-fn/files"
    _ = try Shell.run(
      "cd '\(place)' && ln -s /etc/passwd link && ln -s / out && mkfifo pipe"
        + " && printf 'SQLite format 3\\0garbage' > bad.db"
    )
    let saved = try apus(old, "backup b.tar -o json", errors: "2>/dev/null")
    let json = try JSON.parse(Array(saved.output.utf8))
    let leftOut = (json["left_out"]?.arrayValue ?? []).compactMap(\.stringValue).sorted()
    #expect(leftOut == ["link", "out", "pipe"].map { "volumes/openfaas-fn/files/\($0)" })
    #expect(try Shell.run("tar -tf '\(old.folder)/b.tar' | grep -c bad.db").output == "1\n")
    #expect(try Shell.run("ls -A '\(old.folder)' | grep -c '^.backup-'").output == "0\n")
  }

  @Test func `goes to standard output if that is asked for, and to no terminal`() throws {
    let old = try gateway()
    let piped = try apus(old, "backup - > b.tar", errors: "")
    #expect(piped.status == 0)
    #expect(try Shell.run("cd '\(old.folder)' && tar -tf b.tar | tail -n 1").output == "report.json\n")
    #expect(try apus(old, "restore b.tar --data r").status == 0)
    #expect(access("\(old.folder)/-", F_OK) != 0)
    let shown = try old.apusOnTerminal("backup -")
    #expect(shown.status == 1)
    #expect(shown.output.contains("terminal"), "\(shown.output)")
    // One stream can't carry both.
    #expect(try apus(old, "backup - --with-key -").status == 2)
    #expect(try apus(old, "backup b2.tar --with-key -").status == 2)
    #expect(try apus(old, "backup - -o json").status == 2)
  }

  @Test func `is the administrator's alone`() throws {
    let old = try RunningGateway()
    #expect(try old.curl("/system/backup").status == 401)
    #expect(try old.admin("/system/backup", "-o /dev/null").status == 200)
  }
}
