import ApusIO
import Glibc
import Testing

@Suite struct `A process environment` {
  @Test func `is what this process was started with, and what it set since`() async {
    await #expect(processExitsWith: .success) {
      setenv("APUS_TEST_NAME", "a=b=c", 1)
      setenv("APUS_TEST_EMPTY", "", 1)
      let environment = ProcessEnvironment.current()
      #expect(environment["APUS_TEST_NAME"] == "a=b=c")
      #expect(environment["APUS_TEST_EMPTY"] == "")
      #expect(environment["APUS_TEST_MISSING"] == nil)
      #expect(environment["PATH"] == getenv("PATH").map { String(cString: $0) })
    }
  }

  @Test func `has the first of two values, as getenv(3) does`() async {
    await #expect(processExitsWith: .success) {
      for name in ["X", "Y", "Z"] { setenv(name, "", 1) }
      // What a parent hands over may hold a name twice, or no name at all; no call makes such a list.
      for (index, entry) in ["A=first", "A=second", "odd"].enumerated() { environ[index] = strdup(entry) }
      environ[3] = nil
      #expect(getenv("A").map { String(cString: $0) } == "first")
      #expect(ProcessEnvironment.current().values == ["A": "first"])
    }
  }

  @Test func `is empty once cleared`() async {
    await #expect(processExitsWith: .success) {
      clearenv()
      #expect(ProcessEnvironment.current().values.isEmpty)
    }
  }
}
