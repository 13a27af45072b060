import Apus
import ApusJSON
import ApusTesting
import ForecastAPI
import Instruments
import Testing

@Suite struct `The OpenAPI document of forecast` {
  private static func document() async throws -> ApusJSON.JSON {
    try ApusJSON.JSON.parse(try await AskedFunction.function.call(Request(.get, "/openapi.json")).body)
  }

  @Test func `has every path`() async throws {
    let document = try await Self.document()
    #expect(document["openapi"]?.stringValue == "3.1.0")
    let paths = document["paths"]?.objectValue?.map(\.key) ?? []
    #expect(Set(paths) == ["/", "/backtest", "/anomalies", "/drift", "/openapi.json"])
    #expect(try await AskedFunction.function.call(Request(.get, "/")).status.code == 405)
    #expect(try await AskedFunction.function.call(Request(.post, "/else")).status.code == 404)
  }

  @Test func `refers to what is there, and has nothing that nobody refers to`() async throws {
    let document = try await Self.document()
    var references: Set<String> = []
    func gather(_ value: ApusJSON.JSON) {
      if let reference = value["$ref"]?.stringValue {
        references.insert(reference)
        #expect(Schema(root: document).resolved(value) != nil, "\(reference)")
      }
      value.arrayValue?.forEach(gather)
      value.objectValue?.forEach { gather($0.value) }
    }
    gather(document)
    let parts = document["components"]?.objectValue?.flatMap { kind, members in
      members.objectValue?.map { "#/components/\(kind)/\($0.key)" } ?? []
    }
    #expect(references == Set(parts ?? []))
  }

  @Test func `names the options of a CSV that the function knows, with their types`() async throws {
    let document = try await Self.document()
    let schema = Schema(root: document)
    let expected = [
      "value": "string", "time": "string", "frequency": "string", "effort": "string", "direction": "string",
      "horizon": "integer", "horizons": "array", "seasonality": "array", "levels": "array", "limit": "number",
      "min": "number", "max": "number", "threshold": "number", "explain": "boolean", "timing": "boolean",
    ]
    let values = [
      "value": "load", "time": "day", "frequency": "D", "effort": "quick", "direction": "below&limit=5", "horizon": "3",
      "horizons": "3,5", "seasonality": "7", "levels": "80", "limit": "5", "min": "0", "max": "999", "threshold": "5",
      "explain": "true", "timing": "false",
    ]
    let csv = "day,load\n" + (1...28).map { "2024-02-\($0 < 10 ? "0" : "")\($0),\($0 % 7)\n" }.joined()
    for (path, count) in [("/", 14), ("/backtest", 8), ("/anomalies", 5)] {
      let options = document["paths"]?[path]?["post"]?["parameters"]?.arrayValue ?? []
      let types = options.compactMap(schema.resolved).map { option in
        (option["name"]?.stringValue ?? "", schema.resolved(option["schema"])?["type"]?.stringValue ?? "")
      }
      #expect(types.count == count && types.allSatisfy { expected[$0] == $1 }, "\(path): \(types)")
      let known = Set(types.map(\.0))
      // It takes those, and says of another which it knows.
      for (name, value) in values {
        let (status, told, text) = try await AskedFunction.post(
          csv, path, query: "\(name)=\(value)", type: "text/csv")
        #expect(status == (known.contains(name) ? 200 : 422), "\(path) \(name): \(text.prefix(200))")
        guard status != 200 else { continue }
        #expect(told["detail"]?.stringValue == "Known here are \(known.sorted().joined(separator: ", ")).")
      }
    }
  }

  @Test(.enabled(if: OpenAPIReader.python != nil, "\(OpenAPIReader.missing)"))
  func `is valid to a reader that is not ours`() async throws {
    let python = try #require(OpenAPIReader.python)
    let check = "import json, sys, openapi_spec_validator as v; v.validate(json.load(sys.stdin)); print('valid')"
    let text = try await AskedFunction.function.call(Request(.get, "/openapi.json")).body
    #expect(try Oracle.run("'\(python)' -c \"\(check)\"", input: text) == "valid\n")
    // It would have said so.
    let broken = #"{"openapi": "3.1.0", "info": {"title": "x"}, "paths": {}}"#
    #expect(!Oracle.succeeds("echo '\(broken)' | '\(python)' -c \"\(check)\""))
  }
}

/// Python with a reader of OpenAPI documents.
private enum OpenAPIReader {
  static let missing = "scripts/openapi-reader says why its Python can't be had"

  static let python: String? = {
    let tree = #filePath.split(separator: "/", omittingEmptySubsequences: false).dropLast(3).joined(separator: "/")
    guard let answer = try? Shell.run("'\(tree)/scripts/openapi-reader' 2>&1"), answer.status == 0 else { return nil }
    return answer.output.split(separator: "\n").last.map(String.init)
  }()
}
