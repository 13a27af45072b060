package import ApusIO

/// The caller of a call that waits, who may leave.
package protocol CallerWatch: AnyObject {
  /// Told once, on the call's loop, when the caller hangs up.
  var onCallerLeft: (any HangUpObserver)? { get set }
}
