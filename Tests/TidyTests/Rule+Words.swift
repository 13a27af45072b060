extension Rule {
  // Each is put together here, so that the rule does not find itself.
  private static let unfinished = ["TO" + "DO", "FIX" + "ME", "X" + "XX", "HA" + "CK"]
  private static let unfinishedPhrases = ["not imple" + "mented", "unimple" + "mented", "work in pro" + "gress"]
  private static let places = ["/wo" + "rk/", "/ho" + "me/", "/ro" + "ot/", "/Us" + "ers/", "../sha" + "red"]
  private static let vendors = ["Clau" + "de", "Anth" + "ropic", "Chat" + "GPT", "Co" + "pilot"]

  static let words = [
    Rule(name: "nothing is left unfinished") { file in
      file.search(unfinished, whole: true) { "\($0): finish it, or open an issue and say what is missing in the docs" }
        + file.search(unfinishedPhrases, whole: false) { "\"\($0)\": do it, or say what the caller gets instead" }
    },
    Rule(name: "no path of one machine") { file in
      file.search(places, whole: false) { "\($0) is on one machine only: write a relative path, or a variable" }
    },
    Rule(name: "the text speaks about the project") { file in
      file.search(vendors, whole: true) { "\($0) is not a part of this project" }
    },
  ]
}

extension SourceFile {
  /// Offences for words in the text as written, comments and strings included.
  fileprivate func search(_ needles: [String], whole: Bool, remedy: (String) -> String) -> [Offence] {
    lines.enumerated().flatMap { index, line in
      let bytes = Array(line.utf8)
      return needles.filter { needle in
        bytes.occurrences(of: Array(needle.utf8), whole: whole)
      }.map { Offence(path: path, line: index + 1, remedy: remedy($0)) }
    }
  }
}

extension [UInt8] {
  fileprivate func occurrences(of needle: [UInt8], whole: Bool) -> Bool {
    if whole { return !positions(of: needle).isEmpty }
    guard let first = needle.first, count >= needle.count else { return false }
    // The user of an of-watchdog image lives there; it is a default of the contract, not somebody's folder.
    let image = Array("/home/app".utf8)
    return (0...(count - needle.count)).contains { start in
      guard self[start] == first, self[start..<start + needle.count].elementsEqual(needle) else { return false }
      // A path that only ends so ("overlay/work/", "$ROOT/home/") is not an absolute one.
      if first == UInt8(ascii: "/"), start > 0, self[start - 1].continuesPath { return false }
      return !self[start...].starts(with: image)
    }
  }
}

extension UInt8 {
  fileprivate var continuesPath: Bool {
    continuesIdentifier || Array(".-})~/".utf8).contains(self)
  }
}
