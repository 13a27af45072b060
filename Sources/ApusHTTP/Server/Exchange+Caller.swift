package import ApusIO

extension Exchange {
  /// Told once, on the loop, when the caller hangs up while nobody reads or writes: a call that waits for something
  /// else.
  ///
  /// `Proxy.forward` takes the place over.
  package var onCallerLeft: (any HangUpObserver)? {
    get { wire.transport.onHangUp }
    set { wire.transport.onHangUp = newValue }
  }
}
