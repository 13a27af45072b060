/// What a function does around its life: before its first call, and after its last.
public struct Hooks: Sendable {
  /// Runs before any call is taken; what it throws ends the program before it was ready.
  public var start: @Sendable () async throws -> Void
  /// Runs after the last call has ended.
  public var stop: @Sendable () async -> Void

  /// Hooks that do what is given and nothing else.
  public init(
    start: @escaping @Sendable () async throws -> Void = {}, stop: @escaping @Sendable () async -> Void = {}
  ) {
    self.start = start
    self.stop = stop
  }
}
