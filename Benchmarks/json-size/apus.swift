// Compiled together with Sources/ApusJSON into one module by size.sh.
@main
struct Main {
  static func main() throws {
    let point = try JSONCodec.decode(Point.self, from: Point.text)
    print(String(decoding: try JSONCodec.encode(point), as: UTF8.self))
  }
}
