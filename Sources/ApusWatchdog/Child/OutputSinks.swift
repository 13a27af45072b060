package import ApusIO

/// Where the lines of programs go: their standard output to ours, and so their standard error.
package struct OutputSinks {
  let output: LineSink
  let errors: LineSink

  package init(on loop: Loop) {
    output = LineSink(1, on: loop)
    errors = LineSink(2, on: loop)
  }

  func flush() {
    output.flush()
    errors.flush()
  }
}
