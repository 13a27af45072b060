/// What stack.yml says: where the gateway is, and the functions, in the order of the file.
package struct Stack: Hashable, Sendable {
  package struct Template: Hashable, Sendable {
    package let name: String
    /// Where to fetch it from, `URL` or `URL#REF`.
    package let source: String?
  }

  /// As written; nil leaves the choice to the environment.
  package let gateway: String?
  package let templates: [Template]
  /// Further folders that belong to every handler when it is built.
  package let copiedFolders: [String]
  package let functions: [StackFunction]
  /// What is probably not as it was meant.
  package let warnings: [Diagnosis]
}
