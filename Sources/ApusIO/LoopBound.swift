/// A value that belongs to one loop, carried through `Sendable` places (a child task, a callback) back to that loop.
// Safe because the value is reached only on the loop's thread, which `value` checks in every build.
package struct LoopBound<Value>: @unchecked Sendable {
  package let loop: Loop
  private let bound: Value

  package init(_ value: Value, to loop: Loop) {
    self.loop = loop
    bound = value
  }

  package var value: Value {
    precondition(loop.isCurrent, "a value of one loop was used on another thread")
    return bound
  }
}
