import Apus

serve { (name: String) in "Hello, \(name.isEmpty ? "World" : name)!" }
