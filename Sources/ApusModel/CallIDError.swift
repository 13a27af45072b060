/// Why a call id given by a client is not taken over.
package enum CallIDError: Error, Equatable, Sendable {
  case empty
  case tooLong(count: Int)
  /// `position` counts bytes from 1.
  case forbidden(byte: UInt8, position: Int)
}

extension CallIDError: CustomStringConvertible {
  package var description: String {
    switch self {
    case .empty:
      "the call id is empty; leave the header out to be given one"
    case .tooLong(let count):
      "the call id has \(count) bytes, \(CallID.lengthLimit) are allowed; send a shorter one, such as a UUID"
    case .forbidden(let byte, let position):
      "the call id has byte 0x\(String(byte, radix: 16)) at position \(position), which could forge a log line; "
        + "use letters, digits and - _ . ~ : / + @ # ! $ & * ^ % ?"
    }
  }
}
