/// Puts the values of variables into a text, as faas-cli does before it reads YAML.
///
/// The forms are those of drone/envsubst: `${V}`, defaults, letter case, parts, replacements, lengths and trims. `$$`
/// is one `$`, and a `$` that no brace follows is left alone. Unlike there, lengths and parts are counted in characters
/// (Unicode scalars), so that no character is cut in two.
struct Substitution {
  private(set) var output: [UInt8] = []
  private(set) var map: SourceMap
  /// With the places of their expressions; at most as many as are shown.
  private(set) var errors: [(line: Int, column: Int, error: SubstitutionError)] = []
  /// Variables used without a default that do not exist, each at its first use; at most as many as are shown.
  private(set) var missing: [(line: Int, column: Int, name: String)] = []

  init(_ source: [UInt8], variables: [String: String], limits: StackLimits) {
    map = SourceMap(source)
    // The usual file: nothing to replace, and nothing to map.
    guard source.contains(UInt8(ascii: "$")) else {
      output = source
      return
    }
    var index = 0
    var copiedFrom = 0
    output.reserveCapacity(source.count)
    func copy(_ output: inout [UInt8], _ map: inout SourceMap) {
      guard copiedFrom < index else { return }
      map.add(at: output.count, from: copiedFrom, isCopied: true)
      output.append(contentsOf: source[copiedFrom..<index])
    }
    while index < source.count {
      let next = index + 1 < source.count ? source[index + 1] : nil
      guard source[index] == UInt8(ascii: "$"), next == UInt8(ascii: "$") || next == UInt8(ascii: "{") else {
        index += 1
        continue
      }
      copy(&output, &map)
      if next == UInt8(ascii: "$") {
        map.add(at: output.count, from: index, isCopied: false)
        output.append(UInt8(ascii: "$"))
        index += 2
        copiedFrom = index
        continue
      }
      var expression = SubstitutionExpression(source, at: index, variables: variables, limits: limits)
      do throws(SubstitutionError) {
        let value = try expression.value()
        map.add(at: output.count, from: index, isCopied: false)
        output.append(contentsOf: value.utf8)
        note(expression.missing, at: index, limits)
        index = expression.index
      } catch {
        let place = map.place(ofByte: index)
        errors.append((place.line, place.column, error))
        // Behind the brace, so that expressions further on are looked at too.
        index += 2
      }
      copiedFrom = index
      if output.count > limits.substitutedBytes || errors.count == limits.diagnoses { break }
    }
    copy(&output, &map)
    if output.count > limits.substitutedBytes {
      let place = map.place(ofByte: index)
      errors.append((place.line, place.column, .tooLong(limit: limits.substitutedBytes)))
      output = []
    }
    map.finish(output)
  }

  private mutating func note(_ names: [String], at index: Int, _ limits: StackLimits) {
    for name in names where missing.count < limits.diagnoses && !missing.contains(where: { $0.name == name }) {
      let place = map.place(ofByte: index)
      missing.append((place.line, place.column, name))
    }
  }
}
