/// Letters of other alphabets that most typefaces draw like small Latin ones (after Unicode Technical Standard 39).
enum Confusables {
  /// What a name looks like, if all that is not ASCII in it looks like ASCII; nil for honest names.
  ///
  /// So `привет` is a name and `ѕсоре`, all Cyrillic, is not: nobody could tell it from `scope`. A name is asked about
  /// as it is written, too, since more large letters than small ones look alike: `МАТТ` is not `матт`.
  static func latin(_ name: String) -> String? {
    guard !name.utf8.allSatisfy({ $0 < 0x80 }) else { return nil }
    var alike = String.UnicodeScalarView()
    for scalar in name.unicodeScalars {
      guard let letter = scalar.isASCII ? scalar : table[scalar] ?? wide(scalar) ?? styled(scalar) else { return nil }
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
    let largeCyrillic = zip("АВЕЅІЈКМНОРСТУХԌԚԜ".unicodeScalars, "ABESIJKMHOPCTYXGQW".unicodeScalars)
    let largeGreek = zip("ΑΒΕΖΗΙΚΜΝΟΡΤΥΧ".unicodeScalars, "ABEZHIKMNOPTYX".unicodeScalars)
    let cherokee = zip("ᎠᎡᎢᎪᎫᎬᎳᎷᎻᏀᏃᏎᏒᏔᏚᏞᏟᏢᏦᏴ".unicodeScalars, "DRTAJEWMHGZ4RWSLCPKB".unicodeScalars)
    let lisu = zip("ꓐꓑꓓꓔꓖꓗꓙꓚꓜꓝꓟꓠꓡꓢꓣꓦꓧꓪꓫꓬꓮꓰꓲꓳꓴ".unicodeScalars, "BPDTGKJCZFMNLSRVHWXYAEIOU".unicodeScalars)
    let large = [largeCyrillic, largeGreek, cherokee, lisu]
    return Dictionary(([cyrillic, greek, armenian, latin] + large).flatMap { Array($0) }) { first, _ in first }
  }()

  /// Letters and digits of formulas (U+1D400 to U+1D7FF), which are the same ones in bold, slanted and more.
  private static func styled(_ scalar: Unicode.Scalar) -> Unicode.Scalar? {
    switch scalar.value {
    case 0x1D400...0x1D6A3:
      // Alphabets of large and small letters, one after the other.
      let place = (scalar.value - 0x1D400) % 52
      return Unicode.Scalar(place < 26 ? 0x41 + place : 0x61 + place - 26)
    case 0x1D7CE...0x1D7FF: return Unicode.Scalar(0x30 + (scalar.value - 0x1D7CE) % 10)
    default: return nil
    }
  }

  /// Fullwidth forms, which are ASCII again elsewhere on the page.
  private static func wide(_ scalar: Unicode.Scalar) -> Unicode.Scalar? {
    guard 0xFF01...0xFF5E ~= scalar.value else { return nil }
    return Unicode.Scalar(scalar.value - 0xFEE0)
  }
}
