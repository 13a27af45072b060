import Glibc

/// C strings and arrays that are made together, lent to C, and freed together.
struct NativeMemory: ~Copyable {
  private var strings: [UnsafeMutablePointer<CChar>] = []
  private var arrays: [UnsafeMutableRawPointer] = []

  mutating func string(_ text: String) -> UnsafeMutablePointer<CChar> {
    guard let copy = strdup(text) else { fatalError("out of memory: \(text.utf8.count) bytes for an argument") }
    strings.append(copy)
    return copy
  }

  /// A list ended by a null pointer, as execve wants it.
  mutating func list(_ texts: [String]) -> UnsafeMutablePointer<UnsafeMutablePointer<CChar>?> {
    let pointers = texts.map { Optional(string($0)) } + [nil]
    return array(pointers)
  }

  mutating func array<Element: BitwiseCopyable>(_ elements: [Element]) -> UnsafeMutablePointer<Element> {
    let array = UnsafeMutablePointer<Element>.allocate(capacity: max(elements.count, 1))
    array.initialize(from: elements, count: elements.count)
    arrays.append(array)
    return array
  }

  deinit {
    for string in strings { free(string) }
    for array in arrays { array.deallocate() }
  }
}
