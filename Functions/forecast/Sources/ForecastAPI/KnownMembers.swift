import Apus

/// A value all of whose members are known: one that is written wrong would be as if it were not there.
struct KnownMembers<Value: Decodable & Sendable & MemberNaming>: Decodable, Sendable {
  let value: Value

  init(from decoder: any Decoder) throws {
    try decoder.refuseMembers(except: Value.memberNames)
    value = try Value(from: decoder)
  }
}

/// What can say which members it has.
protocol MemberNaming {
  static var memberNames: [String] { get }
}

extension Decoder {
  func refuseMembers(except known: [String], in place: String = "") throws {
    let names = try container(keyedBy: AnyMember.self).allKeys.map(\.stringValue)
    try ReadingTime.current?.tick(names.count)
    guard let other = names.first(where: { !known.contains($0) }) else { return }
    throw Problem.unknown(place + other, known)
  }
}

extension Problem {
  static func unknown(_ name: String, _ known: [String]) -> Problem {
    .field(String(name.prefix(100)), "Unknown", "Known here are \(known.sorted().joined(separator: ", ")).")
  }
}

extension ForecastRequest: MemberNaming {
  static var memberNames: [String] { CodingKeys.allCases.map(\.rawValue) }
}

extension DriftRequest: MemberNaming {
  static let memberNames = ["answer", "observed"]
}

extension ForecastRequest.Capacity {
  private enum CodingKeys: String, CodingKey, CaseIterable {
    case limit, direction
  }

  init(from decoder: any Decoder) throws {
    try decoder.refuseMembers(except: CodingKeys.allCases.map(\.rawValue), in: "capacity.")
    let container = try decoder.container(keyedBy: CodingKeys.self)
    limit = try container.decode(Double.self, forKey: .limit)
    direction = try container.decodeIfPresent(String.self, forKey: .direction)
  }
}

extension ForecastRequest.WhatIf {
  private enum CodingKeys: String, CodingKey, CaseIterable {
    case growth, step, from
  }

  init(from decoder: any Decoder) throws {
    try decoder.refuseMembers(except: CodingKeys.allCases.map(\.rawValue), in: "what_if.")
    let container = try decoder.container(keyedBy: CodingKeys.self)
    growth = try container.decodeIfPresent(Double.self, forKey: .growth)
    step = try container.decodeIfPresent(Double.self, forKey: .step)
    from = try container.decodeIfPresent(TimestampValue.self, forKey: .from)
  }
}

extension ForecastRequest.Bounds {
  private enum CodingKeys: String, CodingKey, CaseIterable {
    case min, max
  }

  init(from decoder: any Decoder) throws {
    try decoder.refuseMembers(except: CodingKeys.allCases.map(\.rawValue), in: "bounds.")
    let container = try decoder.container(keyedBy: CodingKeys.self)
    min = try container.decodeIfPresent(Double.self, forKey: .min)
    max = try container.decodeIfPresent(Double.self, forKey: .max)
  }
}
