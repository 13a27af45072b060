import ApusYAML
import Testing

/// Rows from the core schema of YAML 1.2.2, §10.3.2.
@Suite struct `A YAML scalar` {
  static func scalar(_ text: String) throws -> YAMLNode {
    try #require(try YAMLParser.parse("- \(text)\n").first?.items?.first)
  }

  @Test(
    arguments: [
      ("true", true), ("True", true), ("TRUE", true), ("false", false), ("False", false), ("FALSE", false),
      ("!!bool 'true'", true),
      ("yes", nil), ("no", nil), ("on", nil), ("off", nil), ("y", nil), ("tRue", nil), ("1", nil), ("'true'", nil),
      ("!!str true", nil),
      ("! true", nil), ("", nil),
    ] as [(String, Bool?)])
  func `is a truth value only when spelled so`(text: String, value: Bool?) throws {
    #expect(try Self.scalar(text).asBool == value)
  }

  @Test(
    arguments: [
      ("0", 0), ("12", 12), ("+12", 12), ("-12", -12), ("0o14", 12), ("0xC", 12), ("0xff", 255), ("014", 14),
      ("!!int \"12\"", 12),
      ("9223372036854775807", .max), ("-9223372036854775808", .min), ("9223372036854775808", nil),
      ("0x8000000000000000", nil),
      ("1_000", nil), ("0b1", nil), ("-0x1", nil), ("0x-1", nil), ("0o8", nil), ("0x", nil), ("1.0", nil), ("1e3", nil),
      ("'12'", nil),
      ("12:30", nil), ("!!float 1", nil), ("+", nil), ("٣", nil),
    ] as [(String, Int?)])
  func `is an integer when its digits say so`(text: String, value: Int?) throws {
    #expect(try Self.scalar(text).asInt == value)
  }

  @Test(
    arguments: [
      ("0", 0), ("1.5", 1.5), ("-1.5", -1.5), (".5", 0.5), ("1.", 1), ("1e3", 1_000), ("1E-3", 0.001),
      ("+12.25e+2", 1_225), ("0x10", 16),
      (".inf", .infinity), ("-.INF", -.infinity), ("+.Inf", .infinity), ("1e-999", 0), ("1e999", nil), ("!!float 1", 1),
      ("inf", nil), ("nan", nil), ("0x1p3", nil), (".", nil), ("e3", nil), ("1e", nil), ("1e+", nil), ("1.2.3", nil),
      ("'1.5'", nil),
      ("1_0.5", nil),
    ] as [(String, Double?)])
  func `is a number when its digits say so`(text: String, value: Double?) throws {
    #expect(try Self.scalar(text).asDouble == value)
  }

  @Test(arguments: [".nan", ".NaN", ".NAN"])
  func `is not a number when it says so`(text: String) throws {
    #expect(try Self.scalar(text).asDouble?.isNaN == true)
  }

  @Test(arguments: [
    ("", true), ("~", true), ("null", true), ("Null", true), ("NULL", true), ("!!null ''", true), ("nil", false),
    ("''", false),
    ("nULL", false), ("!!str", false), ("[]", false),
  ])
  func `is null when it says so or says nothing`(text: String, value: Bool) throws {
    #expect(try Self.scalar(text).isNull == value)
  }

  @Test(arguments: ["yes", "1.10", "0777", "1_000", "2026-11-21", "12:30:45", "~x"])
  func `keeps its text as written`(text: String) throws {
    #expect(try Self.scalar(text).text == text)
  }
}
