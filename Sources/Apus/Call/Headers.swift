internal import ApusHTTP

/// The header fields of a request or a response, in order. Names are compared without regard to case.
public struct Headers: Sendable, ExpressibleByDictionaryLiteral {
  var fields: Fields
  /// The names of those that were left out because they can't be sent; the runtime logs them.
  package private(set) var refused: [String] = []

  init(_ fields: Fields) {
    self.fields = fields
  }

  /// No fields.
  public init() {
    fields = Fields()
  }

  /// Fields as written; one that can't be sent (a line break in a value, say) is left out and logged: use `set` to be
  /// told.
  public init(dictionaryLiteral elements: (String, String)...) {
    self.init()
    for (name, value) in elements { appendOrRefuse(name, value) }
  }

  /// The first value of `name`. Setting replaces all of them, or removes them; a value that can't be sent is left out
  /// and logged: use `set` to be told.
  public subscript(name: String) -> String? {
    get { fields[name] }
    set {
      fields.remove(name)
      if let newValue { appendOrRefuse(name, newValue) }
    }
  }

  // What a value holds may come from a caller, so one that can't be sent must not end the program.
  private mutating func appendOrRefuse(_ name: String, _ value: String) {
    do throws(FieldError) {
      try fields.append(name, value)
    } catch {
      refused.append(name)
    }
  }

  /// All values of `name`: those of `Set-Cookie`, for example, can't be joined.
  public func values(_ name: String) -> [String] {
    fields.values(name)
  }

  /// Replaces all values of `name`.
  ///
  /// - Throws: `HeaderError` if name or value have a character that would let a caller forge other fields.
  public mutating func set(_ name: String, _ value: String) throws(HeaderError) {
    try checked { fields throws(FieldError) in try fields.set(name, value) }
  }

  /// Adds a value to `name`.
  ///
  /// - Throws: `HeaderError` if name or value have a character that would let a caller forge other fields.
  public mutating func append(_ name: String, _ value: String) throws(HeaderError) {
    try checked { fields throws(FieldError) in try fields.append(name, value) }
  }

  private mutating func checked(_ change: (inout Fields) throws(FieldError) -> Void) throws(HeaderError) {
    do throws(FieldError) {
      try change(&fields)
    } catch {
      throw HeaderError(description: error.message)
    }
  }

  /// Name and value of each field, in order.
  public var all: [(name: String, value: String)] {
    var all: [(String, String)] = []
    fields.forEach { _, name, value in
      all.append((String(decoding: name, as: UTF8.self), String(decoding: value, as: UTF8.self)))
    }
    return all
  }
}

/// A header field that can't be sent.
public struct HeaderError: Error, Sendable, CustomStringConvertible {
  /// What is wrong with it and what to do.
  public let description: String
}
