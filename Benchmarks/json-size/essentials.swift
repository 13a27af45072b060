import FoundationEssentials

@main
struct Main {
  static func main() throws {
    let point = try JSONDecoder().decode(Point.self, from: Data(Point.text))
    print(String(decoding: try JSONEncoder().encode(point), as: UTF8.self))
  }
}
