import ApusModel

extension ValueType {
  func value(of given: GivenValue, for form: ArgumentForm) throws(ArgumentProblem) -> Value {
    if let value = convert(given.text) { return value }
    throw .invalidValue(
      given, argument: form.spelling, expectation: expectation,
      suggestion: Suggestion.nearest(to: given.text, among: choices))
  }

  func values(of given: [GivenValue], for form: ArgumentForm) throws(ArgumentProblem) -> [Value] {
    var values: [Value] = []
    for one in given { values.append(try value(of: one, for: form)) }
    return values
  }

  /// Writes what this type says about itself into a form.
  func describe(_ form: inout ArgumentForm) {
    form.placeholder = placeholder
    form.expectation = expectation
    form.choices = choices
    form.completion = completion
  }
}
