import ApusIO
import ApusModel
import ApusStore
import Instruments
import Testing

@Suite struct `A program killed at any instant` {
  let folder: ScratchFolder

  init() throws { folder = try ScratchFolder() }

  /// Keeps this processor busy, so that the other one is somewhere else when this returns.
  private func spin(_ microseconds: Int64) {
    let limit = Instant.now() + .microseconds(microseconds)
    while Instant.now() < limit {}
  }

  @Test func `has kept all that it told of`() throws {
    var random = SeededRandom(3)
    var last = 0
    for _ in 0..<40 {
      let program = try StoreProgram("apply", in: folder.path)
      var told: [String] = []
      for _ in 0..<Int.random(in: 0...20, using: &random) {
        if let line = program.line() { told.append(line) }
      }
      spin(Int64.random(in: 0...3_000, using: &random))
      told += program.kill()
      let numbers = told.compactMap { Int($0) }
      #expect(numbers.count == told.count, "\(told)")
      last = max(last, numbers.last ?? 0)
      last = try expectAll(upTo: last)
    }
    #expect(last > 40)
  }

  /// What was told is there, and of what was under way at most one step; the number of the last step.
  private func expectAll(upTo last: Int) throws -> Int {
    let database = try Database(folder.file("state/apus.db"))
    #expect(try database.complaints() == [])
    let deployments = try CatalogStore(database).list()
    let applied = deployments.reduce(0) { $0 + Int($1.generation) }
    #expect(applied == last || applied == last + 1, "\(applied) applied, \(last) told")
    for deployment in deployments {
      // Each tenth number is the same function's: its document is its last number.
      let digit = Int(deployment.name.name.dropFirst()) ?? -1
      let number = applied - ((applied - digit) % 10 + 10) % 10
      #expect(deployment.document == "{\"n\":\(number)}")
    }
    if applied > 0 {
      let secrets = SecretStore(database, SealedBox(try KeyRing.open(folder.file("state/key"))))
      let value = try secrets.open(SecretName("counter"), namespace: "openfaas-fn")
      #expect([last, last + 1].contains(Int(text(value)) ?? -1))
    }
    return applied
  }

  @Test func `can be started again, even if that was its first start`() throws {
    var random = SeededRandom(4)
    for number in 0..<30 {
      let directory = try ScratchFolder()
      let program = try StoreProgram("apply", in: directory.path)
      spin(Int64.random(in: 0...40_000, using: &random))
      _ = program.kill()
      let state = try StateFolder(in: directory.path)
      let database = try Database(state.databasePath)
      #expect(try database.complaints() == [], "kill \(number)")
      _ = try KeyRing.openOrMake(state.keyPath)
      _ = consume state
    }
  }
}
