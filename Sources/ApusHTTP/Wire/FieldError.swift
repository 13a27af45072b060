/// Why a field was not added. The fields are as they were before.
package enum FieldError: Error, Sendable, Equatable, CustomStringConvertible {
  case invalidName, invalidValue, tooLong

  package var message: String {
    switch self {
    case .invalidName:
      "field name refused: it is empty or has characters other than letters, digits and !#$%&'*+-.^_`|~; "
        + "take those out"
    case .invalidValue:
      "field value refused: it has a line break, NUL or another control character, with which it could forge "
        + "further fields; encode the value first"
    case .tooLong:
      "field refused: names end at 64 KiB and all fields together at 1 GiB; send long data as content"
    }
  }

  package var description: String { message }
}
