/// Letters of other alphabets that most typefaces draw like small Latin ones (after Unicode Technical Standard 39).
enum Confusables {
  /// What `folded` looks like, if all that is not ASCII in it looks like ASCII; nil for honest names.
  ///
  /// So `привет` is a name and `ѕсоре`, all Cyrillic, is not: nobody could tell it from `scope`.
  static func latin(_ folded: String) -> String? {
    guard !folded.utf8.allSatisfy({ $0 < 0x80 }) else { return nil }
    var alike = String.UnicodeScalarView()
    for scalar in folded.unicodeScalars {
      guard let letter = scalar.isASCII ? scalar : table[scalar] ?? wide(scalar) else { return nil }
      alike.append(letter)
    }
    return String(alike)
  }

  private static let table: [Unicode.Scalar: Unicode.Scalar] = {
    let cyrillic = zip("асԁеһіјӏорԛѕԝхуѵк".unicodeScalars, "acdehijlopqswxyvk".unicodeScalars)
    let greek = zip("αικνορυχγωϲϳ".unicodeScalars, "aikvopuxywcj".unicodeScalars)
    let armenian = zip("օսհոցզ".unicodeScalars, "ouhngq".unicodeScalars)
    // Letters for sounds, and numerals.
    let latin = zip("ɩɑɡⅼⅰⅴⅹⅽⅾⅿ".unicodeScalars, "iaglivxcdm".unicodeScalars)
    return Dictionary([cyrillic, greek, armenian, latin].flatMap { Array($0) }) { first, _ in first }
  }()

  /// Fullwidth forms, which are ASCII again elsewhere on the page.
  private static func wide(_ scalar: Unicode.Scalar) -> Unicode.Scalar? {
    guard 0xFF01...0xFF5E ~= scalar.value else { return nil }
    return Unicode.Scalar(scalar.value - 0xFEE0)
  }
}
