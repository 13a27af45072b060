import Apus

actor Journal {
  private var lines: [String] = []

  func open() throws { lines.append("opened") }
  func add(_ line: String) { lines.append(line) }
  func close() { lines.removeAll() }
}

let journal = Journal()

serve(
  Handler { (text: String, context: Context) in
    context.inBackground { await journal.add(text) }
    return "noted\n"
  },
  hooks: Hooks {
    try await journal.open()
  } stop: {
    await journal.close()
  })
