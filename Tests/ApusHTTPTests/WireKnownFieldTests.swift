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
}
