import ApusJSON
import Foundation
import Testing

@Suite struct `A JSON document` {
  private let sample: JSON = [
    "name": "Zoë", "count": 3, "ratio": 0.5, "none": nil, "open": true, "list": [1, "two", [:], []],
  ]

  @Test func `gives its parts`() {
    #expect(sample["name"]?.stringValue == "Zoë")
    #expect(sample["count"]?.integerValue == 3)
    #expect(sample["count"]?.doubleValue == 3)
    #expect(sample["ratio"]?.doubleValue == 0.5)
    #expect(sample["none"]?.isNull == true)
    #expect(sample["open"]?.boolValue == true)
    #expect(sample["list"]?[1]?.stringValue == "two")
    #expect(sample["list"]?.arrayValue?.count == 4)
    #expect(sample.objectValue?.map(\.key) == ["name", "count", "ratio", "none", "open", "list"])
    #expect(sample["missing"] == nil)
    #expect(sample["name"]?["x"] == nil)
    #expect(sample["list"]?[4] == nil)
    #expect(sample["list"]?[-1] == nil)
  }

  @Test func `changes its members in place`() throws {
    var document: JSON = ["a": 1, "b": 2]
    document["a"] = "one"
    document["c"] = [nil]
    document["b"] = .some(nil)
    document["d"] = Optional<JSON>.none
    #expect(try String(decoding: document.serialise(), as: UTF8.self) == #"{"a":"one","b":null,"c":[null]}"#)
    document["b"] = Optional<JSON>.none
    #expect(document == ["a": "one", "c": [nil]])
  }

  @Test func `is equal in any order of members`() {
    #expect(["a": 1, "b": [2]] as JSON == ["b": [2], "a": 1])
    #expect(["a": 1, "b": 2] as JSON != ["b": 1, "a": 2])
    #expect(["a": 1] as JSON != ["a": 1, "b": 2])
    #expect([1, 2] as JSON != [2, 1])
    #expect(1 as JSON != 1.0)
  }

  @Test func `keeps its order, or sorts its keys`() throws {
    let document: JSON = ["b": 1, "é": 2, "a": ["z": 0, "\u{1}": 1.0], "": []]
    let compact = #"{"b":1,"é":2,"a":{"z":0,"\u0001":1.0},"":[]}"#
    #expect(try document.serialise() == Array(compact.utf8))
    let sorted = #"{"":[],"a":{"\u0001":1.0,"z":0},"b":1,"é":2}"#
    #expect(try document.serialise(format: .init(sortedKeys: true)) == Array(sorted.utf8))
  }

  @Test func `is laid out as Python lays it out`() throws {
    // print(json.dumps({"a": [1, {"b": []}], "c": {}, "d": "x"}, indent=2))
    let expected = """
      {
        "a": [
          1,
          {
            "b": []
          }
        ],
        "c": {},
        "d": "x"
      }
      """
    let document: JSON = ["a": [1, ["b": []]], "c": [:], "d": "x"]
    #expect(try document.serialise(format: .init(pretty: true)) == Array(expected.utf8))
  }

  @Test func `passes through either coder`() throws {
    let ours = try JSONCodec.encode(sample)
    #expect(try JSONCodec.decode(JSON.self, from: ours) == sample)
    #expect(try JSONDecoder().decode(JSON.self, from: Data(ours)) == sample)
    #expect(try JSON.parse(Array(JSONEncoder().encode(sample))) == sample)
    let inside = try JSONCodec.decode([String: [JSON]].self, from: Array(#"{"a":[1,{"b":null}]}"#.utf8))
    #expect(inside == ["a": [1, ["b": nil]]])
  }
}
