/// What is to be forecast, and how.
package struct Question: Sendable {
  /// nil where nothing was observed.
  package var values: [Double?]
  /// Lengths of the seasons in steps.
  package var seasons: [Int] = []
  package var horizon: Int
  /// Levels of the intervals in percent, ascending.
  package var levels: [Int] = [80, 95]
  package var causes = KnownCauses([])
  package var lowest: Double?
  package var highest: Double?
  package var capacity: Capacity?
  package var change: Change?
  package var effort = Effort.normal

  package init(_ values: [Double?], horizon: Int) {
    self.values = values
    self.horizon = horizon
  }

  /// What if, from a step of the forecast on, all values were multiplied and then raised.
  package struct Change: Sendable, Equatable {
    package var growth: Double
    package var step: Double
    package var from: Int

    package init(growth: Double, step: Double, from: Int) {
      self.growth = growth
      self.step = step
      self.from = from
    }
  }

  /// A limit, and on which side of it trouble begins.
  package struct Capacity: Sendable, Equatable {
    package var limit: Double
    package var isAbove: Bool

    package init(limit: Double, isAbove: Bool) {
      self.limit = limit
      self.isAbove = isAbove
    }
  }
}
