/// A server under measurement: who it is, and how to start it on a port.
struct Subject {
  let name: String
  let launch: (UInt16) throws(BenchError) -> Launch
}
