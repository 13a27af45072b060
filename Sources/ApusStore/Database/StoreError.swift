/// Why the state could not be read or changed: what happened, what it means, and what to do.
///
/// Not errors: a row that is not there where the answer is an optional, and a change that changes nothing.
package struct StoreError: Error, Equatable, Sendable {
  package enum Kind: Equatable, Sendable {
    // What a caller asked for.
    case exists
    case notFound
    /// Something still holds what was to be removed.
    case inUse
    case tooLarge
    /// One more than the limit on how many there may be.
    case tooMany
    case invalid

    // What the machine says.
    case diskFull
    case readOnly
    case noAccess
    case outOfMemory
    case inputOutput
    /// Another program keeps the file locked.
    case locked
    /// Another gateway runs on the same folder.
    case taken(pid: Int32?)

    // What the file says.
    case corrupt
    /// A SQLite file, but not one of ours.
    case foreign
    case newerVersion(found: Int64, known: Int64)

    // What the key says.
    case badKeyFile
    /// Sealed with a key that is not in the key file.
    case unknownKey
    /// The sealed bytes, or what they are said to be, are not what was sealed.
    case tampered

    /// A rule of the schema or of SQLite that our own code broke.
    case misuse
  }

  package let kind: Kind
  package let what: String
  package let meaning: String
  package let advice: String

  package init(_ kind: Kind, _ what: String, meaning: String = "", advice: String) {
    self.kind = kind
    self.what = what
    self.meaning = meaning
    self.advice = advice
  }
}

extension StoreError: CustomStringConvertible {
  package var description: String {
    let reason = meaning.isEmpty ? "" : ": \(meaning)"
    return "\(what)\(reason). \(advice)"
  }
}
