import Apus
import Testing

@Suite struct `A request` {
  @Test(arguments: [
    ("a=1&b=2", "b", "2"), ("a=1&a=2", "a", "1"), ("a", "a", ""), ("a=", "a", ""), ("a=b=c", "a", "b=c"),
    ("a+b=c+d", "a b", "c d"), ("a%20b=%26%3D", "a b", "&="), ("n=caf%C3%A9", "n", "café"), ("%61=1", "a", "1"),
    ("&&a=1&", "a", "1"),
  ]) func `has decoded query values`(query: String, name: String, value: String) {
    #expect(Request(query: query).queryValue(name) == value)
  }

  @Test(arguments: [nil, "", "b=1", "A=1", "a=%", "a=%4", "a=%zz", "a=%FF"] as [String?])
  func `has no value that is not there or not text`(query: String?) {
    #expect(Request(query: query).queryValue("a") == nil)
  }
}
