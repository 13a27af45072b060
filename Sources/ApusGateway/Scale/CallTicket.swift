/// A parked call, as the shell names it; whoever asks again with the same ticket means the same call.
package struct CallTicket: Hashable, Sendable {
  package let number: UInt64

  package init(_ number: UInt64) {
    self.number = number
  }
}
