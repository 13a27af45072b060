import Apus

try await serve { (name: String) in "Hello, \(name.isEmpty ? "World" : name)!" }
