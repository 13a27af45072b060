import ApusIO

/// A call that waits for a replica, and the task to wake when it has one.
///
/// It belongs to its exchange's loop; whoever settles it may be on any thread.
final class ParkedCall: HangUpObserver, Sendable {
  enum End: Sendable {
    case leased(LeaseGrant, waited: Duration)
    case refused(Refusal)
    case callerLeft
  }

  private let ticket: CallTicket
  private unowned let function: DeployedFunction

  init(_ ticket: CallTicket, of function: DeployedFunction) {
    self.ticket = ticket
    self.function = function
  }

  func peerDidHangUp() {
    function.callerLeft(ticket)
  }
}
