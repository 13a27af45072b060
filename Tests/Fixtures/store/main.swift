import ApusIO
import ApusModel
import ApusStore
import Glibc

// A program that keeps state, for tests to kill, starve and stand beside: store-fixture DIR apply|fill|hold.

/// A line in the order in which things happen; the descriptor is not buffered.
func say(_ text: String) {
  let line = Array((text + "\n").utf8)
  _ = write(1, line, line.count)
}

/// Applies numbered deployments and secrets for ever, and tells each number once it is committed.
func apply(_ database: Database, _ box: SealedBox) throws {
  let catalog = CatalogStore(database)
  let secrets = SecretStore(database, box)
  let name = try SecretName("counter")
  let present = try secrets.list().map(\.name).contains(name)
  if !present {
    var zero = Array("0".utf8)
    _ = try secrets.create(
      Secret(name, namespace: "openfaas-fn", value: SecureBytes.taking(&zero)), at: WallClock.now())
  }
  var number = try catalog.list().reduce(0) { $0 + $1.generation }
  while true {
    number += 1
    _ = try catalog.apply(FunctionName("f\(number % 10)"), document: "{\"n\":\(number)}", at: WallClock.now())
    var value = Array("\(number)".utf8)
    _ = try secrets.replace(
      Secret(name, namespace: "openfaas-fn", value: SecureBytes.taking(&value)), at: WallClock.now())
    say("\(number)")
  }
}

/// Applies large deployments until there is no more room, and says what stopped it.
func fill(_ database: Database) throws {
  let catalog = CatalogStore(database)
  let filler = String(repeating: "x", count: 50_000)
  for number in 1...1_000 {
    do {
      _ = try catalog.apply(FunctionName("f\(number)"), document: filler, at: WallClock.now())
      say("\(number)")
    } catch let error as StoreError {
      say("stopped: \(error.kind): \(error)")
      return
    }
  }
}

func run(_ directory: String, _ wish: String) throws {
  let folder = try StateFolder(in: directory)
  if wish == "hold" {
    say("held")
    var byte: UInt8 = 0
    while read(0, &byte, 1) > 0 {}
  } else {
    let database = try Database(folder.databasePath)
    try wish == "fill" ? fill(database) : apply(database, SealedBox(KeyRing.openOrMake(folder.keyPath)))
  }
  // The lock ends here, not after the last use of the folder's name.
  _ = consume folder
}

do {
  let arguments = CommandLine.arguments
  try run(arguments.count > 1 ? arguments[1] : ".", arguments.count > 2 ? arguments[2] : "apply")
} catch {
  say("stopped: \(error)")
  exit(1)
}
