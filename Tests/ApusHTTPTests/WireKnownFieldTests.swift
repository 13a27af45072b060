import ApusHTTP
import Testing

@Suite struct `A known field` {
  @Test(arguments: KnownField.allCases.filter { $0 != .other })
  func `is found by its name in any case`(_ field: KnownField) {
    let name = field.name.description
    #expect(KnownField(name) == field)
    #expect(KnownField(name.uppercased()) == field)
    #expect(KnownField(name.lowercased()) == field)
  }

  @Test(arguments: [
    "", "Hos", "Hostt", "Content\rLength", "Content Length", "Content_Length", "\u{8}ost", "X-Other", "É",
  ])
  func `is not found by anything else`(_ name: String) {
    #expect(KnownField(name) == .other)
  }

  @Test(arguments: KnownField.allCases.filter { $0 != .other })
  func `is not found when one letter differs`(_ field: KnownField) {
    let name = Array(field.name.description.utf8)
    for place in name.indices {
      for letter in Array("abcdefghijklmnopqrstuvwxyz-_0!~^".utf8) where letter != name[place] | 0x20 {
        var other = name
        other[place] = letter
        let found = KnownField(String(decoding: other, as: UTF8.self))
        if found != .other { Issue.record("\(String(decoding: other, as: UTF8.self)) is taken for \(found)") }
      }
    }
  }
}
