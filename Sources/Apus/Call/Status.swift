/// The status of a response.
public struct Status: Hashable, Sendable, ExpressibleByIntegerLiteral, CustomStringConvertible {
  /// 200 to 599 make sense in an answer; anything else is sent as 500.
  public let code: Int

  /// A status by its number.
  public init(_ code: Int) {
    self.code = code
  }

  /// A status by its number.
  public init(integerLiteral code: Int) {
    self.code = code
  }

  /// The number.
  public var description: String { "\(code)" }

  /// 200: here is what you asked for.
  public static let ok = Status(200)
  /// 201: it was made.
  public static let created = Status(201)
  /// 202: it will be worked on.
  public static let accepted = Status(202)
  /// 204: done, and there is nothing to say.
  public static let noContent = Status(204)
  /// 400: the request makes no sense.
  public static let badRequest = Status(400)
  /// 401: say who you are.
  public static let unauthorized = Status(401)
  /// 403: not for you.
  public static let forbidden = Status(403)
  /// 404: there is nothing there.
  public static let notFound = Status(404)
  /// 405: not with this method.
  public static let methodNotAllowed = Status(405)
  /// 406: not in a form that you accept.
  public static let notAcceptable = Status(406)
  /// 409: it clashes with what is there.
  public static let conflict = Status(409)
  /// 410: it was there, and never will be again.
  public static let gone = Status(410)
  /// 413: too large.
  public static let contentTooLarge = Status(413)
  /// 415: not in this form.
  public static let unsupportedMediaType = Status(415)
  /// 422: well formed, but its values can't be worked with.
  public static let unprocessable = Status(422)
  /// 429: too often.
  public static let tooManyRequests = Status(429)
  /// 500: our mistake.
  public static let internalServerError = Status(500)
  /// 503: not now.
  public static let serviceUnavailable = Status(503)
  /// 504: it took too long.
  public static let gatewayTimeout = Status(504)
}
