/// Why bytes are not HTTP/1.1 as we accept it. After one of these the connection has no next message: answer and close.
package struct WireError: Error, Sendable, Equatable, CustomStringConvertible {
  /// One case a cause.
  package enum Kind: Sendable, Equatable, CaseIterable {
    case malformedRequestLine, malformedStatusLine, methodTooLong, targetTooLong, invalidTarget, unsupportedVersion
    case tooManyEmptyLines, headTooLarge, tooManyFields, tooManyConnectionOptions
    case bareLineFeed, bareCarriageReturn, foldedField, spaceBeforeColon, invalidFieldName, invalidFieldValue
    case missingHost, repeatedHost, invalidHost
    case invalidContentLength, repeatedContentLength, lengthWithTransferEncoding, transferEncodingInHTTP10
    case unsupportedTransferCoding, bodyTooLarge
    case invalidChunkSize, invalidChunkExtension, chunkLineTooLong, invalidChunkEnd, trailersTooLarge, truncated
  }

  package var kind: Kind

  package init(_ kind: Kind) { self.kind = kind }

  /// What a server answers. A client that meets the error in an answer makes it a 502.
  package var status: Int {
    switch kind {
    case .bodyTooLarge: 413
    case .targetTooLong: 414
    case .headTooLarge, .tooManyFields, .tooManyConnectionOptions, .trailersTooLarge: 431
    case .methodTooLong, .unsupportedTransferCoding: 501
    case .unsupportedVersion: 505
    default: 400
    }
  }

  /// What happened, what it means, what to do.
  package var message: String { (headText ?? framingText).description }

  package var description: String { message }

  private var headText: StaticString? {
    switch kind {
    case .malformedRequestLine:
      """
      the request line is not 'METHOD target HTTP/1.1': the peer may speak another protocol (TLS on a \
      plain port?); check the URL's scheme and port
      """
    case .malformedStatusLine:
      """
      the status line is not 'HTTP/1.1 200 reason': the peer may speak another protocol; check its address \
      and port
      """
    case .methodTooLong: "the method's name is longer than any that exists; use a registered method"
    case .targetTooLong: "the request target is longer than the limit; send the data as content instead"
    case .invalidTarget:
      """
      the request target is not a path, an http URL, 'host:port' for CONNECT, or '*' for OPTIONS, or has \
      characters that must be percent-encoded; encode it
      """
    case .unsupportedVersion: "the message is in another version of HTTP; use HTTP/1.1"
    case .tooManyEmptyLines: "more than two empty lines before the request line; send none"
    case .headTooLarge: "the head is larger than the limit; send fewer or smaller fields (cookies?)"
    case .tooManyFields: "the head has more fields than the limit; send fewer"
    case .tooManyConnectionOptions: "Connection names more options than the limit; send fewer"
    case .bareLineFeed:
      "a line ends in LF without CR: two readers could see different lines (request smuggling); end lines in CR LF"
    case .bareCarriageReturn:
      "a CR stands without LF: two readers could see different lines (request smuggling); end lines in CR LF"
    case .foldedField: "a field goes on in a second line, which RFC 9112 forbids; put it on one line"
    case .spaceBeforeColon: "a field name is followed by a blank: two readers could see different names; remove it"
    case .invalidFieldName:
      "a field name is empty or has a character that is not allowed; use letters, digits and dashes"
    case .invalidFieldValue: "a field value has NUL or another control character; encode it"
    case .missingHost: "an HTTP/1.1 request has no Host field; send the host that the URL names"
    case .repeatedHost: "a request has more than one Host field: two readers could choose different ones; send one"
    case .invalidHost: "the Host field is not 'host' or 'host:port'; send the host that the URL names"
    default: nil
    }
  }

  private var framingText: StaticString {
    switch kind {
    case .invalidContentLength: "Content-Length is not a plain decimal number below 2^63; send the count of bytes"
    case .repeatedContentLength:
      "Content-Length comes more than once: two readers could see different ends (request smuggling); send one"
    case .lengthWithTransferEncoding:
      """
      both Content-Length and Transfer-Encoding: two readers could see different ends (request smuggling); \
      send one
      """
    case .transferEncodingInHTTP10: "Transfer-Encoding in HTTP/1.0, which has none; use HTTP/1.1 or Content-Length"
    case .unsupportedTransferCoding:
      "Transfer-Encoding is not exactly 'chunked', once; send that, and compress by Content-Encoding"
    case .bodyTooLarge: "the content is larger than the limit; send less, or raise the limit if it is yours"
    case .invalidChunkSize: "a chunk's size is not 1 to 16 hexadecimal digits; the sender's chunked coding is broken"
    case .invalidChunkExtension: "a chunk extension has a control character or no ';' before it; send none"
    case .chunkLineTooLong: "chunk extensions are longer than the limit; send none"
    case .invalidChunkEnd: "a chunk's data is not followed by CR LF: its size is wrong; the sender's coding is broken"
    case .trailersTooLarge: "the trailer section is larger than the limit; send fewer or smaller trailers"
    case .truncated: "the peer closed before the content was complete; what came is a part only: discard it"
    default: ""
    }
  }
}
