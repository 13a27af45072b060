internal import ApusHTTP

/// The method of a request: what the caller wants done.
public struct Method: Hashable, Sendable, ExpressibleByStringLiteral, CustomStringConvertible {
  /// As on the wire: `GET`. Methods are case-sensitive.
  public let name: String

  /// A method by its name.
  public init(stringLiteral name: String) {
    self.name = name
  }

  init(_ method: ApusHTTP.Method) {
    name = method.name
  }

  /// As on the wire.
  public var description: String { name }

  /// Read something.
  public static let get: Method = "GET"
  /// Read about something, without its content.
  public static let head: Method = "HEAD"
  /// Hand something over to be worked on.
  public static let post: Method = "POST"
  /// Put something in a place.
  public static let put: Method = "PUT"
  /// Change a part of something.
  public static let patch: Method = "PATCH"
  /// Remove something.
  public static let delete: Method = "DELETE"
  /// Ask what can be done.
  public static let options: Method = "OPTIONS"
}
