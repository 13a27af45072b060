/// An option of a command: `--port 8080`, `--port=8080`, `-p 8080`; the last one given counts.
///
/// Declare it once as a static value, list it in the command, and read it by `try arguments[port]`.
package struct Option<Value>: ArgumentDeclaration {
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

extension Option {
  /// An option that always has a value; `default` is written as one would type it.
  package static func value(
    _ name: String, short: Character? = nil, _ type: ValueType<Value>, default: String, environment: String? = nil,
    isHidden: Bool = false, help: String
  ) -> Option {
    var form = form(name, short, type, environment: environment, isHidden: isHidden, help: help)
    form.defaultText = `default`
    return one(form, type)
  }

  /// An option without which the command does not run.
  package static func required(
    _ name: String, short: Character? = nil, _ type: ValueType<Value>, environment: String? = nil, help: String
  ) -> Option {
    var form = form(name, short, type, environment: environment, isHidden: false, help: help)
    form.isRequired = true
    return one(form, type)
  }

  /// An option that may be absent.
  package static func optional<Wrapped>(
    _ name: String, short: Character? = nil, _ type: ValueType<Wrapped>, environment: String? = nil,
    isHidden: Bool = false, help: String
  ) -> Option where Value == Wrapped? {
    let form = form(name, short, type, environment: environment, isHidden: isHidden, help: help)
    return Option(form) { (given) throws(ArgumentProblem) -> Wrapped? in
      guard let last = given.last else { return nil }
      return try type.value(of: last, for: form)
    }
  }

  /// An option that may be given any number of times, all of which count.
  package static func repeated<Element>(
    _ name: String, short: Character? = nil, _ type: ValueType<Element>, environment: String? = nil,
    isHidden: Bool = false, help: String
  ) -> Option where Value == [Element] {
    var form = form(name, short, type, environment: environment, isHidden: isHidden, help: help)
    form.isRepeated = true
    return Option(form) { [form] (given) throws(ArgumentProblem) -> [Element] in
      try type.values(of: given, for: form)
    }
  }

  private static func form<Single>(
    _ name: String, _ short: Character?, _ type: ValueType<Single>, environment: String?, isHidden: Bool, help: String
  ) -> ArgumentForm {
    var form = ArgumentForm(.option, name: name, help: help)
    type.describe(&form)
    form.short = short
    form.environment = environment
    form.isHidden = isHidden
    return form
  }

  private static func one(_ form: ArgumentForm, _ type: ValueType<Value>) -> Option {
    Option(form) { (given) throws(ArgumentProblem) -> Value in
      guard let last = given.last else {
        throw .missingOption(form.spelling, placeholder: form.placeholder, help: form.help)
      }
      return try type.value(of: last, for: form)
    }
  }
}

extension Option where Value == Bool {
  /// An option that is given or not: `--detach`, `--detach=false`, and `--no-detach` where it is negatable.
  package static func flag(
    _ name: String, short: Character? = nil, default: Bool = false, isNegatable: Bool = false,
    environment: String? = nil, isHidden: Bool = false, help: String
  ) -> Option {
    var form = ArgumentForm(.flag(isNegatable: isNegatable), name: name, help: help)
    form.short = short
    form.environment = environment
    form.isHidden = isHidden
    form.defaultText = `default` ? "true" : nil
    return Option(form) { [form] (given) throws(ArgumentProblem) -> Bool in
      guard let last = given.last else { return false }
      return try ValueType.boolean.value(of: last, for: form)
    }
  }
}
