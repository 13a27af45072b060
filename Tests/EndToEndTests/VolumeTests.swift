import ApusIO
import ApusJSON
import Glibc
import Testing

@Suite(.serialized) struct `A volume` {
  private let annotation = #","annotations":{"com.apus.volume.files":"/data"}"#

  private func put(_ gateway: RunningGateway, _ text: String, _ path: String) throws -> RunningGateway.Answer {
    try gateway.admin("/system/volumes/files?path=\(path)", "-X PUT --data-binary '\(text)'")
  }

  private func place(_ gateway: RunningGateway) -> String { "\(gateway.folder)/volumes/openfaas-fn/files" }

  @Test func `takes files before a function has it, and that function may read and write them`() throws {
    let gateway = try RunningGateway()
    let answer = try put(gateway, "early", "a/one.txt")
    #expect(answer == .init(status: 200, body: #"{"files":1,"bytes":5}"#))
    try gateway.deploy("witness", as: "witness", annotation)
    let ask = { (question: String) in try gateway.curl("/function/witness", "-d '\(question)'").body }
    // Where the machine has no mounts for this user, the volume's place is the machine's.
    guard try gateway.admin("/system/info").body.contains(#""mounts":"in force""#) else { return }
    #expect(try ask("read /data/a/one.txt") == "early")
    #expect(try ask("make /data/a/two.txt") == "ok")
    #expect(try ask("make /data/a/one.txt") == "ok", "it is the group's to write")
    // And while it has it.
    #expect(try put(gateway, "late", "b/c/late.txt").status == 200)
    #expect(try ask("read /data/b/c/late.txt") == "late")
    #expect(try ask("make /data/b/c/mine.txt") == "ok")
    #expect(try gateway.admin("/system/volumes/files?path=a/two.txt") == .init(status: 200, body: ""))
  }

  @Test func `lists what is in it and who uses it`() throws {
    let gateway = try RunningGateway()
    #expect(try gateway.admin("/system/volumes").body == "[]")
    _ = try put(gateway, "12345", "one")
    _ = try put(gateway, "123", "deep/two")
    try gateway.deploy("witness", as: "witness", annotation)
    #expect(
      try gateway.admin("/system/volumes").body
        == #"[{"name":"files","namespace":"openfaas-fn","files":2,"bytes":8,"functions":["witness"]}]"#)
    #expect(try gateway.admin("/system/volumes?namespace=other").body == "[]")
  }

  @Test func `takes an archive, and gives one that tar reads`() throws {
    let gateway = try RunningGateway()
    let work = "\(gateway.folder)/work"
    _ = try Shell.run(
      "mkdir -p '\(work)/in/sub/empty' '\(work)/out' && cd '\(work)/in' && echo 1 > a && echo 2 > sub/b && chmod +x a")
    let tar = "-X PUT -H 'Content-Type: application/x-tar' --data-binary @-"
    let upload = try Shell.run(
      "tar -C '\(work)/in' -cf - . | curl -sS -m 20 \(gateway.credentials) \(tar)"
        + " '\(gateway.url)/system/volumes/files?path=x'"
    )
    #expect(upload.output == #"{"files":2,"bytes":4}"#)
    let get = "curl -sS -m 20 \(gateway.credentials) '\(gateway.url)/system/volumes/files?path=x'"
    #expect(try Shell.run("\(get) | tar -C '\(work)/out' -xf - && diff -r '\(work)/in' '\(work)/out'") == ("", 0))
    #expect(access("\(work)/out/a", X_OK) == 0)
  }

  @Test(arguments: [
    ("../out", 400), ("a/../../out", 400), ("", 400), ("link/out", 409), ("file/out", 409), ("folder", 409),
  ]) func `takes no file where none may be`(path: String, status: Int) throws {
    let gateway = try RunningGateway()
    _ = try put(gateway, "1", "file")
    _ = try put(gateway, "1", "folder/file")
    _ = try Shell.run("mkdir '\(gateway.folder)/outside' && ln -s '\(gateway.folder)/outside' '\(place(gateway))/link'")
    let answer = try put(gateway, "evil", path)
    #expect(answer.status == status)
    #expect(!answer.body.contains(gateway.folder), "where it lies is not said: \(answer.body)")
    #expect(!answer.body.contains("artefact"), "\(answer.body)")
    #expect(try Shell.run("ls '\(gateway.folder)/outside'").output == "")
    #expect(try Shell.run("find '\(place(gateway))' -name '.apus*'").output == "", "nothing is left")
  }

  @Test func `replaces a link in a file's place, and not what it leads to`() throws {
    let gateway = try RunningGateway()
    _ = try put(gateway, "1", "file")
    _ = try Shell.run(
      "echo secret > '\(gateway.folder)/outside' && ln -s '\(gateway.folder)/outside' '\(place(gateway))/link'")
    #expect(try gateway.admin("/system/volumes/files?path=link").status == 422)
    #expect(try put(gateway, "mine", "link").status == 200)
    #expect(try Shell.run("cat '\(gateway.folder)/outside' '\(place(gateway))/link'").output == "secret\nmine")
  }

  @Test func `is given without its links and devices, and says how many`() throws {
    let gateway = try RunningGateway()
    _ = try put(gateway, "1", "file")
    _ = try Shell.run("cd '\(place(gateway))' && ln -s /etc/passwd link && mkfifo pipe && ln -s / out")
    let head = try gateway.admin("/system/volumes/files", "-o /dev/null -D -").body
    #expect(head.lowercased().contains("x-apus-left-out: 3"), "\(head)")
    let get = "curl -sS -m 20 \(gateway.credentials) '\(gateway.url)/system/volumes/files'"
    #expect(try Shell.run("\(get) | tar -tf -").output == "file\n")
    #expect(try gateway.admin("/system/volumes/files?path=out/etc/passwd").status == 409)
    #expect(try gateway.admin("/system/volumes/files?path=pipe").status == 422)
  }

  @Test(arguments: ["ln -s / e", "ln a e", "mkfifo e"]) func `refuses an archive with anything but files and folders`(
    command: String
  ) throws {
    let gateway = try RunningGateway()
    let work = "\(gateway.folder)/work"
    _ = try Shell.run("mkdir '\(work)' && cd '\(work)' && echo 1 > a && \(command)")
    let tar = "-X PUT -H 'Content-Type: application/x-tar' --data-binary @- -w '%{http_code}' -o /dev/null"
    let upload = try Shell.run(
      "tar -C '\(work)' -cf - . | curl -sS -m 20 \(gateway.credentials) \(tar) '\(gateway.url)/system/volumes/files'")
    #expect(upload.output == "400")
  }

  @Test func `is removed when nobody names it, and what is in it before`() throws {
    let gateway = try RunningGateway()
    _ = try put(gateway, "1", "a/b")
    _ = try put(gateway, "1", "c")
    try gateway.deploy("witness", as: "witness", annotation)
    let remove = { (path: String) in try gateway.admin("/system/volumes/files\(path)", "-X DELETE").status }
    #expect(try remove("?path=a") == 202)
    #expect(try remove("?path=a") == 404)
    #expect(try remove("?path=../files") == 400)
    #expect(try remove("") == 409)
    #expect(try gateway.admin("/system/functions", #"-X DELETE -d '{"functionName":"witness"}'"#).status == 202)
    #expect(try remove("") == 202)
    #expect(try remove("") == 404)
    #expect(access(place(gateway), F_OK) != 0)
  }

  @Test(arguments: [
    "GET /system/volumes", "GET /system/volumes/x", "PUT /system/volumes/x", "DELETE /system/volumes/x",
  ])
  func `is nobody's who has no credentials`(route: String) throws {
    let gateway = try RunningGateway()
    let words = route.split(separator: " ")
    #expect(try gateway.curl(String(words[1]), "-X \(words[0]) -d x").status == 401)
    #expect(access("\(gateway.folder)/volumes", F_OK) != 0)
  }

  @Test func `is not filled through a symbolic link`() throws {
    let gateway = try RunningGateway()
    _ = try Shell.run(
      "cd '\(gateway.folder)' && echo secret > target && ln -s target link && mkdir tree && ln -s tree linked"
        + " && ln -s ../target tree/in"
    )
    for source in ["link", "linked", "linked/", "tree"] {
      let answer = try gateway.apus("volume put files \(source)")
      #expect(answer.status == 1)
      #expect(answer.output.contains("link"), "\(answer.output)")
    }
    #expect(try gateway.apus("volume list -o json").output == "[]\n")
    // A link on the way is the person's own business.
    _ = try Shell.run("cd '\(gateway.folder)' && mkdir real && echo 1 > real/file && ln -s real way")
    #expect(try gateway.apus("volume put files way/file").status == 0)
  }

  @Test func `is filled, read and emptied from the command line`() throws {
    let gateway = try RunningGateway()
    let work = "\(gateway.folder)/work"
    _ = try Shell.run("mkdir -p '\(work)/tree/sub' && cd '\(work)' && printf 1 > tree/a && printf 22 > tree/sub/b")
    let apus = { (words: String) in
      try Shell.run(
        "cd '\(work)' && env -u OPENFAAS_URL APUS_DATA='\(gateway.folder)' '\(Program.path("apus"))'"
          + " volume \(words) 2>&1"
      )
    }
    #expect(try apus("put files tree") == ("put 2 files into files\n", 0))
    #expect(try apus("put files tree/a 'odd name & more/'") == ("put 1 file into files\n", 0))
    #expect(try apus("get files 'odd name & more/a' --to -") == ("1", 0))
    #expect(try apus("get files sub --to got") == ("got got\n", 0))
    #expect(try Shell.run("cat '\(work)/got/b'").output == "22")
    #expect(try apus("get files sub --to got").status == 1, "nothing is written over")
    let list = try apus("list").output
    #expect(list.contains("files    3       4 B"), "\(list)")
    #expect(try apus("remove files /").status == 2)
    #expect(try apus("remove files sub") == ("removed sub from files\n", 0))
    #expect(try apus("get files sub").status == 1)
    #expect(try apus("remove files").status == 0)
    #expect(try apus("list -o json") == ("[]\n", 0))
  }
}
