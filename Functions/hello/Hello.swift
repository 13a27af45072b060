@main struct Hello { static func main() { print("hi") } }
