/// A model with the scale in which it sees the values.
package struct Candidate: Sendable {
  package let model: any Model
  package let transform: Transform

  package init(_ model: any Model, _ transform: Transform) {
    self.model = model
    self.transform = transform
  }

  package var name: String {
    transform == .none ? model.name : "\(model.name)@\(transform.name)"
  }
}
