extension Rule {
  static let lengths = [
    Rule(name: "a file has at most 400 lines") { file in
      let limit = 400
      let count = file.lines.count - (file.lines.last == "" ? 1 : 0)
      guard file.isCode, count > limit else { return [] }
      return [Offence(path: file.path, line: limit, remedy: "\(count) lines: split by type, or into Type+Aspect.swift")]
    },
    Rule(name: "a line has at most 120 characters") { file in
      guard file.isCode else { return [] }
      return file.lines.indices.filter { file.lines[$0].count > 120 }.map {
        Offence(path: file.path, line: $0 + 1, remedy: "\(file.lines[$0].count) characters: break the line")
      }
    },
    Rule(name: "a function has at most 60 lines") { file in
      guard file.isSwift else { return [] }
      return FunctionBodies.find(in: file.code).filter { $0.lineCount > 60 }.map {
        Offence(
          path: file.path, line: $0.firstLine, remedy: "a function of \($0.lineCount) lines: give its steps names")
      }
    },
  ]
}

extension SourceFile {
  var isCode: Bool { isSwift || path.hasSuffix(".c") || path.hasSuffix(".h") }
}
