/// An argument known by its place: `apus invoke FUNCTION`.
package struct Positional<Value>: ArgumentDeclaration {
  package let form: ArgumentForm
  let read: @Sendable ([GivenValue]) throws(ArgumentProblem) -> Value

  package func check(_ given: [GivenValue]) throws(ArgumentProblem) {
    _ = try read(given)
  }

  private init(
    _ form: ArgumentForm, read: @escaping @Sendable ([GivenValue]) throws(ArgumentProblem) -> Value
  ) {
    self.form = form
    self.read = read
  }
}

extension Positional {
  /// An argument without which the command does not run.
  package static func required(_ name: String, _ type: ValueType<Value>, help: String) -> Positional {
    var form = form(name, type, help: help)
    form.isRequired = true
    return Positional(form) { [form] (given) throws(ArgumentProblem) -> Value in
      guard let last = given.last else { throw .missingPositional(name, help: help) }
      return try type.value(of: last, for: form)
    }
  }

  package static func optional<Wrapped>(
    _ name: String, _ type: ValueType<Wrapped>, help: String
  ) -> Positional where Value == Wrapped? {
    let form = form(name, type, help: help)
    return Positional(form) { (given) throws(ArgumentProblem) -> Wrapped? in
      guard let last = given.last else { return nil }
      return try type.value(of: last, for: form)
    }
  }

  /// All arguments from its place on: it must be the last one declared.
  package static func repeated<Element>(
    _ name: String, _ type: ValueType<Element>, isRequired: Bool = false, help: String
  ) -> Positional where Value == [Element] {
    var form = form(name, type, help: help)
    form.isRepeated = true
    form.isRequired = isRequired
    return Positional(form) { [form] (given) throws(ArgumentProblem) -> [Element] in
      if isRequired && given.isEmpty { throw .missingPositional(name, help: help) }
      return try type.values(of: given, for: form)
    }
  }

  private static func form<Single>(_ name: String, _ type: ValueType<Single>, help: String) -> ArgumentForm {
    var form = ArgumentForm(.positional, name: name, help: help)
    type.describe(&form)
    return form
  }
}
