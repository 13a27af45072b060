import Apus
import ApusTesting
import Testing

/// The examples and rules of W3C Trace Context, section 3.2.
@Suite struct `A trace context` {
  static let trace = "4bf92f3577b34da6a3ce929d0e0e4736"
  static let span = "00f067aa0ba902b7"

  @Test(arguments: [
    ("00-\(trace)-\(span)-01", true), ("00-\(trace)-\(span)-00", false), ("00-\(trace)-\(span)-03", true),
    ("00-\(trace)-\(span)-fe", false), ("01-\(trace)-\(span)-01", true), ("cc-\(trace)-\(span)-01-what-comes", true),
    ("cc-\(trace)-\(span)-01-", true),
  ]) func `is read`(header: String, isSampled: Bool) throws {
    let context = try #require(TraceContext(traceparent: header, tracestate: "a=1"))
    #expect(context.traceID == Self.trace)
    #expect(context.parentID == Self.span)
    #expect(context.isSampled == isSampled)
    #expect(context.state == "a=1")
  }

  @Test(
    arguments: [
      nil, "", "00", "00-\(trace)-\(span)", "ff-\(trace)-\(span)-01", "00-\(trace)-\(span)-01-extra",
      "00-\(trace)-\(span)-01-", "00-\(String(repeating: "0", count: 32))-\(span)-01",
      "00-\(trace)-0000000000000000-01", "00-\(trace.uppercased())-\(span)-01", "0-\(trace)-\(span)-01",
      "000-\(trace)-\(span)-01", "00-\(trace.dropLast())-\(span)-01", "00-\(trace)-\(span)a-01",
      "00-\(trace)-\(span)-1", "00-\(trace)-\(span)-0g", "cc-\(trace)-\(span)-01.what", "0x-\(trace)-\(span)-01",
      "00 \(trace) \(span) 01", "00-\(trace.dropLast())é-\(span)-01",
    ] as [String?]) func `is ignored when it is not one`(header: String?)
  {
    #expect(TraceContext(traceparent: header) == nil)
  }

  @Test func `comes to the handler with all of its state`() async throws {
    let handler = Handler { (_: Request, context: Context) in .text(context.trace?.state ?? "none") }
    var request = Request(headers: ["traceparent": "00-\(Self.trace)-\(Self.span)-01"])
    try request.headers.append("tracestate", "a=1")
    try request.headers.append("tracestate", "b=2")
    #expect(try await TestedFunction(handler).call(request).text == "a=1,b=2")
    try request.headers.append("traceparent", "00-\(Self.trace)-\(Self.span)-00")
    #expect(try await TestedFunction(handler).call(request).text == "none", "two parents: nobody knows which")
  }
}
