/// What the watchdog says of itself.
package enum WatchdogVersion {
  package static let release = "0.1.0"
}
