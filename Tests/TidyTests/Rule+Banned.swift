extension Rule {
  /// The one file that may start an unstructured task: what it starts outlives its caller by design.
  static let taskFile = "Sources/ApusIO/Loop+Tasks.swift"

  static let banned = [
    Rule(name: "tasks are structured") { file in
      guard file.isSwift, file.isUnder("Sources/", "Functions/"), file.path != taskFile else { return [] }
      let remedy = "an unstructured task outlives its caller: use a task group, or what \(taskFile) offers"
      return ["Task {", "Task{", "Task(", "Task.detached", "Task.immediate"].flatMap {
        file.offences(where: $0, remedy)
      }
    },
    Rule(name: "nothing forks a process with threads") { file in
      guard file.isCode, file.isUnder("Sources/", "Functions/") else { return [] }
      return file.offences(where: "fork(", "a lock held by another thread stays held in the copy: use ChildProcess")
    },
    Rule(name: "no trap hides in an expression") { file in
      guard file.isSwift else { return [] }
      return file.offences(where: "try!", "write try, and let the caller know")
        + file.offences(where: "as!", "write as?, and say what happens when it is something else")
    },
    Rule(name: "libraries do not write to standard output") { file in
      guard file.isSwift, file.isUnder("Sources/"), !file.isUnder("Sources/apus/") else { return [] }
      return file.offences(where: "print(", "standard output belongs to the program: use Log, or return the text")
    },
    Rule(name: "nobody looks behind access control") { file in
      file.isSwift ? file.offences(where: "@testable", "make the name package, or test through what is public") : []
    },
    Rule(name: "public is what a function author sees") { file in
      guard file.isSwift, file.isUnder("Sources/"), !file.isUnder("Sources/Apus/", "Sources/ApusTesting/") else {
        return []
      }
      return file.offences(where: "public", "only the SDK has a public face: write package")
    },
    Rule(name: "files are named for what they hold") { file in
      let vague = ["Util", "Utils", "Utility", "Utilities", "Helper", "Helpers", "Extension", "Extensions", "Manager"]
      let stem = file.name.split(separator: ".").first.map(String.init) ?? file.name
      guard file.isCode, let word = camelWords(stem).first(where: vague.contains) else { return [] }
      return [Offence(path: file.path, line: 1, remedy: "\(word) says nothing: name the type, or Type+Aspect.swift")]
    },
  ]

  /// "HTTPConnectionManager" is ["HTTPConnection", "Manager"]: good enough to find a word at a word's start.
  static func camelWords(_ name: String) -> [String] {
    var words: [String] = []
    var previousWasLower = false
    for character in name {
      if !character.isLetter {
        words.append("")
      } else if character.isUppercase && previousWasLower || words.isEmpty {
        words.append(String(character))
      } else {
        words[words.count - 1].append(character)
      }
      previousWasLower = character.isLowercase
    }
    return words
  }
}
