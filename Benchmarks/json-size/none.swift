// The same program without any JSON.
@main
struct Main {
  static func main() throws {
    print(String(decoding: Point.text, as: UTF8.self))
  }
}
