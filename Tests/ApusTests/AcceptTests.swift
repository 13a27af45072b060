import Apus
import Testing

@Suite struct `What a caller accepts` {
  static let types = ["image/png", "application/json", "application/zip"]

  /// Weights of the three in thousandths, and which one it is to be.
  static let fields: [(values: [String], weights: [Int], best: String?)] = [
    ([], [1_000, 1_000, 1_000], "image/png"), ([""], [1_000, 1_000, 1_000], "image/png"),
    (["*/*"], [1_000, 1_000, 1_000], "image/png"),
    (["image/*;q=0.9, application/json;q=0.1"], [900, 100, 0], "image/png"),
    (["image/*;q=0.1", "application/json;q=0.9"], [100, 900, 0], "application/json"),
    (["application/json, text/plain, */*"], [1_000, 1_000, 1_000], "application/json"),
    (["application/json, */*;q=0.5"], [500, 1_000, 500], "application/json"),
    (["application/json, image/*, */*"], [1_000, 1_000, 1_000], "image/png"),
    (["*/*, image/png;q=0.1"], [100, 1_000, 1_000], "application/json"),
    (["application/*;q=0.2, application/zip"], [0, 200, 1_000], "application/zip"),
    (["application/json;q=0, */*;q=0.001"], [1, 0, 1], "image/png"),
    (["IMAGE/Png ;\tQ=0.25 , Application/Zip; q=0.5"], [250, 0, 500], "application/zip"),
    // Other parameters than the weight say nothing about what there is here.
    (["application/json; charset=utf-8; q=0.3"], [0, 300, 0], "application/json"),
    (["application/json;profile=a;q=0.3, application/json;q=0.4"], [0, 400, 0], "application/json"),
    // RFC 9110 section 12.4.2: 0 to 1. What is no weight is none.
    (["image/png;q=high, application/zip;q=0.001"], [0, 0, 1], "application/zip"),
    (["image/png;q=2, application/json;q=-1, application/zip;q="], [0, 0, 0], nil),
    (["image/png;q=0x1p-3, application/json;q=1e-1, application/zip;q=+0.5"], [0, 0, 0], nil),
    (["text/html"], [0, 0, 0], nil), (["image"], [0, 0, 0], nil), (["application/json;q=0.000"], [0, 0, 0], nil),
  ]

  @Test(arguments: fields) func `is weighed by the most specific range`(
    values: [String], weights: [Int], best: String?
  ) {
    let accept = Accept(values)
    #expect(Self.types.map { Int((accept.weight(of: $0) * 1_000).rounded()) } == weights)
    #expect(accept.best(of: Self.types) == best)
  }
}
