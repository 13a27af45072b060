/// An amount of memory or processor time in Kubernetes' notation: `128Mi`, `1.5Gi`, `500m`, `2`, `1e3`.
///
/// Held exactly, in billionths of a unit: finer amounts are rounded up, as Kubernetes does.
package struct Quantity: Sendable {
  /// The text as written; two texts may mean the same quantity, and then compare equal.
  package let text: String
  /// Billionths of a byte, a processor or whatever is counted; at most 2^63 - 1 units.
  package let nanoUnits: UInt128

  /// Kubernetes refuses to count beyond this number of whole units.
  private static let unitLimit = UInt128(Int64.max)

  package init(_ text: String) throws(QuantityError) {
    guard !text.isEmpty else { throw .empty }
    let number = try Number(text)
    let nanoUnits =
      switch number.suffix {
      case "Ki": number.scaled(byBinary: 10)
      case "Mi": number.scaled(byBinary: 20)
      case "Gi": number.scaled(byBinary: 30)
      case "Ti": number.scaled(byBinary: 40)
      case "Pi": number.scaled(byBinary: 50)
      case "Ei": number.scaled(byBinary: 60)
      default:
        if let exponent = Self.decimalExponent(of: number.suffix) {
          number.scaled(byDecimal: exponent)
        } else {
          throw QuantityError.unknownSuffix(text: text, suffix: number.suffix)
        }
      }
    guard let nanoUnits, nanoUnits <= Self.unitLimit * 1_000_000_000 else { throw .tooLarge(text: text) }
    guard !number.isNegative || nanoUnits == 0 else { throw .negative(text: text) }
    self.text = text
    self.nanoUnits = nanoUnits
  }

  /// Whole units, rounded up: bytes, when the quantity is one of memory.
  package var bytes: UInt64 {
    UInt64(Self.ceiling(nanoUnits, 1_000_000_000))
  }

  /// Thousandths of a unit, rounded up: millicores, when the quantity is one of processors.
  package var milliUnits: UInt64 {
    get throws(QuantityError) {
      guard let units = UInt64(exactly: Self.ceiling(nanoUnits, 1_000_000)) else { throw .tooLarge(text: text) }
      return units
    }
  }

  private static func ceiling(_ value: UInt128, _ divisor: UInt128) -> UInt128 {
    value / divisor + (value % divisor == 0 ? 0 : 1)
  }

  /// The power of ten that a decimal suffix stands for; nil for an unknown one.
  private static func decimalExponent(of suffix: String) -> Int? {
    switch suffix {
    case "n": return -9
    case "u": return -6
    case "m": return -3
    case "": return 0
    case "k": return 3
    case "M": return 6
    case "G": return 9
    case "T": return 12
    case "P": return 15
    case "E": return 18
    default: break
    }
    guard suffix.hasPrefix("e") || suffix.hasPrefix("E") else { return nil }
    let exponent = suffix.dropFirst()
    let digits = exponent.hasPrefix("-") || exponent.hasPrefix("+") ? exponent.dropFirst() : exponent
    guard !digits.isEmpty, digits.utf8.allSatisfy({ $0 >= 0x30 && $0 <= 0x39 }) else { return nil }
    // Beyond a million the number is past counting, or past rounding, whatever its digits; the bound keeps sums safe.
    let bound = 1_000_000
    return Int(exponent).map { min(max($0, -bound), bound) } ?? (exponent.hasPrefix("-") ? -bound : bound)
  }
}

extension Quantity: Hashable, Comparable, CustomStringConvertible {
  package static func == (left: Quantity, right: Quantity) -> Bool { left.nanoUnits == right.nanoUnits }
  package static func < (left: Quantity, right: Quantity) -> Bool { left.nanoUnits < right.nanoUnits }
  package func hash(into hasher: inout Hasher) { hasher.combine(nanoUnits) }
  package var description: String { text }
}
