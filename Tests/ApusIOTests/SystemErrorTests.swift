import ApusIO
import Glibc
import Testing

@Suite struct `A system error` {
  @Test(arguments: [
    (SystemError(ENOENT, "open", "/x"), "could not open /x: No such file or directory"),
    (SystemError(EACCES, "make a pipe"), "could not make a pipe: Permission denied"),
    (
      SystemError(EADDRINUSE, "listen on", "127.0.0.1:80"),
      "could not listen on 127.0.0.1:80: Address already in use. Another program listens there: stop it or "
        + "choose another"
        + " port"
    ),
    (
      SystemError(EADDRINUSE, "listen on", "x", advice: "Do this"),
      "could not listen on x: Address already in use. Do this"
    ),
    (
      SystemError(EMFILE, "open a socket"),
      "could not open a socket: Too many open files. This process has as many open files as it may: raise the limit"
        + " (ulimit -n)"
    ),
    (SystemError(12345, "try"), "could not try: error 12345"),
  ])
  func `says what happened, to what, and what to do`(error: SystemError, text: String) {
    #expect(error.description == text)
  }

  @Test(arguments: [EMFILE, ENFILE, ENOBUFS, ENOMEM, ENOSPC])
  func `knows a shortage`(code: CInt) {
    #expect(SystemError(code, "try").isShortage)
  }

  @Test(arguments: [0, EPERM, EAGAIN, EIO])
  func `knows what is no shortage`(code: CInt) {
    #expect(!SystemError(code, "try").isShortage)
  }

  @Test(arguments: [
    (IOError.system(SystemError(EPIPE, "write to")), true), (.system(SystemError(ECONNRESET, "read from")), true),
    (.system(SystemError(ETIMEDOUT, "read from")), true), (.system(SystemError(EBADF, "read from")), false),
    (.expired, false), (.closed, false),
  ])
  func `knows a peer that went away`(error: IOError, isDisconnect: Bool) {
    #expect(error.isDisconnect == isDisconnect)
    #expect(!error.description.isEmpty)
  }
}
