/// What a model learns from: values without gaps, in the scale that the models see.
package struct Sample: Sendable {
  package var values: [Double]
  /// Lengths of the seasons in steps, ascending; empty if there is none.
  package var seasons: [Int]
  /// Columns of known causes, such as holidays, one value a step of the history and of what is to be forecast.
  package var regressors: [[Double]]
  /// Trend and seasons of the values, worked out once for all models that take them apart.
  package var decomposition: Decomposition?

  /// The values with what the known causes did to them, for models that learn that themselves.
  package var caused: [Double]

  package init(_ values: [Double], seasons: [Int] = [], regressors: [[Double]] = [], caused: [Double]? = nil) {
    self.values = values
    self.caused = caused ?? values
    self.seasons = seasons
    self.regressors = regressors
  }

  package var count: Int { values.count }

  /// The shortest season; 1 if there is none.
  package var season: Int { seasons.first ?? 1 }

  /// Takes the values apart by those seasons, if there are two of each.
  package mutating func decompose(_ seasons: [Int], _ work: inout Work) throws(TimeIsUp) {
    let complete = seasons.filter { $0 > 1 && 2 * $0 <= values.count }
    guard !complete.isEmpty else { return }
    decomposition = try Decomposition(values, seasons: complete, &work.deadline)
    work.add(complete.count * values.count * 300)
  }

  /// The sample as it was when only its first `count` values were known. Regressors are known beforehand.
  package func first(_ count: Int) -> Sample {
    Sample(
      Array(values.prefix(count)), seasons: seasons, regressors: regressors, caused: Array(caused.prefix(count)))
  }
}
