/// Why a form can't be read.
package enum FormError: Error, Sendable, Equatable, CustomStringConvertible {
  /// It does not end as a form does, or a part has no name.
  case damaged
  case tooManyParts(limit: Int)
  /// The head of a part has more bytes.
  case longHead(limit: Int)

  package var description: String { "the form can't be read: it has \(value), expected \(limit)" }

  var value: String {
    switch self {
    case .damaged: "a damaged part"
    case .tooManyParts(let limit): "more than \(limit) parts"
    case .longHead(let limit): "a part with a head of more than \(limit) bytes"
    }
  }

  var limit: String {
    switch self {
    case .damaged: "whole parts with names, as in RFC 7578"
    case .tooManyParts: "\(BlurLimits.images) images, and each option once"
    case .longHead(let limit): "heads of at most \(limit) bytes"
    }
  }
}
