import ApusIO

extension Pipe {
  /// Our reading end, on `loop`; the other end is closed here, the child has its own.
  consuming func reader(on loop: Loop) throws(SystemError) -> Stream {
    let end = takeReading()
    try end.setNonBlocking()
    return try Stream(end, on: loop)
  }

  /// Our writing end.
  consuming func writer(on loop: Loop) throws(SystemError) -> Stream {
    let end = takeWriting()
    try end.setNonBlocking()
    return try Stream(end, on: loop)
  }
}
