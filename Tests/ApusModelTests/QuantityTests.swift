import ApusModel
import Testing

@Suite struct `A Kubernetes quantity` {
  // Rounded figures were checked with Python: `math.ceil(Fraction("0.0001") * 1024 * 1000)`.
  @Test(
    arguments: [
      ("0", 0, 0), ("2", 2, 2_000), ("+2", 2, 2_000), ("-0", 0, 0), ("500m", 1, 500), ("1500m", 2, 1_500),
      ("0.5", 1, 500), (".5", 1, 500), ("5.", 5, 5_000), ("100k", 100_000, 100_000_000), ("1e3", 1_000, 1_000_000),
      ("1E3", 1_000, 1_000_000), ("12e+2", 1_200, 1_200_000), ("5e-1", 1, 500), ("1M", 1_000_000, 1_000_000_000),
      ("128Mi", 134_217_728, 134_217_728_000), ("1.5Gi", 1_610_612_736, 1_610_612_736_000), ("1Ki", 1_024, 1_024_000),
      ("0.1Ki", 103, 102_400), ("0.0001Ki", 1, 103), ("1n", 1, 1), ("1u", 1, 1), ("1.1m", 1, 2), ("0.1n", 1, 1),
      ("1000001u", 2, 1_001), ("000128Mi", 134_217_728, 134_217_728_000), ("1.0000000000", 1, 1_000),
      ("0e999999999999999999999", 0, 0), ("1e-999999999999999999999", 1, 1),
      ("16T", 16_000_000_000_000, 16_000_000_000_000_000),
      ("0.3333333333333333333333333333333333333333Ki", 342, 341_334),
    ] as [(String, UInt64, UInt64)])
  func `has exact bytes and thousandths, rounded up`(text: String, bytes: UInt64, milliUnits: UInt64) throws {
    let quantity = try Quantity(text)
    #expect(quantity.bytes == bytes)
    #expect(try quantity.milliUnits == milliUnits)
    #expect("\(quantity)" == text)
  }

  @Test func `reaches up to the largest signed integer`() throws {
    let largest = try Quantity("9223372036854775807")
    #expect(largest.bytes == 9_223_372_036_854_775_807)
    #expect(throws: QuantityError.tooLarge(text: "9223372036854775807")) { try largest.milliUnits }
    #expect(try Quantity("7.99999999999999999Ei").bytes == 9_223_372_036_854_775_797)
    #expect(try Quantity("9E").bytes == 9_000_000_000_000_000_000)
  }

  @Test(arguments: [
    ("", QuantityError.empty), (".", .missingNumber(text: ".")), ("Mi", .missingNumber(text: "Mi")),
    ("-", .missingNumber(text: "-")), ("--1", .missingNumber(text: "--1")),
    ("1 Mi", .unknownSuffix(text: "1 Mi", suffix: " Mi")),
    ("128MB", .unknownSuffix(text: "128MB", suffix: "MB")), ("1K", .unknownSuffix(text: "1K", suffix: "K")),
    ("1mi", .unknownSuffix(text: "1mi", suffix: "mi")), ("1e", .unknownSuffix(text: "1e", suffix: "e")),
    ("1e+", .unknownSuffix(text: "1e+", suffix: "e+")), ("1e1.5", .unknownSuffix(text: "1e1.5", suffix: "e1.5")),
    ("1.2.3", .unknownSuffix(text: "1.2.3", suffix: ".3")), ("-1", .negative(text: "-1")),
    ("-1n", .negative(text: "-1n")),
    ("8Ei", .tooLarge(text: "8Ei")), ("9223372036854775808", .tooLarge(text: "9223372036854775808")),
    ("1e19", .tooLarge(text: "1e19")), ("1e9223372036854775807", .tooLarge(text: "1e9223372036854775807")),
    ("9999999999999999999999999999999999999999Ei", .tooLarge(text: "9999999999999999999999999999999999999999Ei")),
    ("9999999999999999999999999999999999999999", .tooLarge(text: "9999999999999999999999999999999999999999")),
  ])
  func `says what is wrong with it`(text: String, problem: QuantityError) {
    #expect(throws: problem) { try Quantity(text) }
  }

  @Test func `compares by value`() throws {
    #expect(try Quantity("1024Ki") == Quantity("1Mi"))
    #expect(try Quantity("999M") < Quantity("1Gi"))
    #expect(try Set([Quantity("1"), Quantity("1000m"), Quantity("1e0")]).count == 1)
  }

  @Test func `explains what to write instead`() {
    #expect(
      "\(QuantityError.unknownSuffix(text: "128MB", suffix: "MB"))"
        == #""128MB" is not a quantity: "MB" is not a suffix; write a number, then nothing or one of "#
        + "n u m k M G T P E Ki Mi Gi Ti Pi Ei, such as 128Mi, 0.5 or 500m")
  }
}
