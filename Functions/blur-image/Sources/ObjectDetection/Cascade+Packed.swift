internal import CCascades

extension Cascade {
  /// OpenCV compares with a little less than the threshold that was learnt.
  private static let thresholdTolerance: Float = 1e-5

  /// Reads what scripts/pack-cascades wrote. It is a part of the program, so damage is a fault of the build.
  init(_ packed: apus_cascade) {
    var reader = PackedReader(UnsafeRawBufferPointer(start: packed.bytes, count: packed.count))
    precondition(
      reader.magic() == Array("APC1".utf8), "the cascade is not in the form that scripts/pack-cascades writes")
    width = Int(reader.number(UInt16.self))
    height = Int(reader.number(UInt16.self))
    let (stageCount, treeCount, featureCount) = (
      reader.number(UInt16.self), reader.number(UInt16.self), reader.number(UInt16.self)
    )
    var first = 0
    for _ in 0..<stageCount {
      let threshold = reader.float() - Self.thresholdTolerance
      let count = Int(reader.number(UInt16.self))
      stages.append(Stage(threshold: threshold, trees: first..<first + count))
      first += count
    }
    precondition(first == Int(treeCount), "the cascade's stages have other trees than it has")
    trees.reserveCapacity(first)
    for _ in 0..<treeCount { trees.append(reader.tree()) }
    features.reserveCapacity(Int(featureCount))
    for _ in 0..<featureCount { features.append(reader.feature()) }
  }
}

private struct PackedReader {
  private let bytes: UnsafeRawBufferPointer
  private var position = 0

  init(_ bytes: UnsafeRawBufferPointer) { self.bytes = bytes }

  mutating func magic() -> [UInt8] {
    defer { position += 4 }
    return Array(bytes[position..<position + 4])
  }

  mutating func number<Value: FixedWidthInteger & BitwiseCopyable>(_ type: Value.Type) -> Value {
    defer { position += MemoryLayout<Value>.size }
    return Value(littleEndian: bytes.loadUnaligned(fromByteOffset: position, as: type))
  }

  mutating func float() -> Float { Float(bitPattern: number(UInt32.self)) }

  mutating func node() -> Cascade.Node {
    let feature = Int(number(UInt16.self))
    return Cascade.Node(feature: feature, threshold: float())
  }

  mutating func tree() -> Cascade.Tree {
    let nodes = number(UInt8.self)
    let leafIsLesser = number(UInt8.self) != 0
    let root = node()
    let second = nodes == 2 ? node() : nil
    let leaves = (float(), float(), nodes == 2 ? float() : 0)
    return Cascade.Tree(root: root, second: second, leafIsLesser: leafIsLesser, leaves: leaves)
  }

  mutating func feature() -> Cascade.Feature {
    let isTilted = number(UInt8.self) != 0
    let count = number(UInt8.self)
    var rectangles: [Cascade.Rectangle] = []
    for _ in 0..<count {
      let (x, y, width, height, weight) = (
        number(Int8.self), number(Int8.self), number(Int8.self), number(Int8.self), number(Int8.self)
      )
      rectangles.append(
        Cascade.Rectangle(
          x: Int32(x), y: Int32(y), width: Int32(width), height: Int32(height), weight: Float(weight)))
    }
    return Cascade.Feature(isTilted: isTilted, rectangles: rectangles)
  }
}
