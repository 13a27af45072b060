/// What a computation ends with that its deadline cut short.
package struct TimeIsUp: Error, CustomStringConvertible {
  package init() {}

  package var description: String { "The time for computing is up: send a shorter series, or allow more." }
}
