internal import CImageCodecs

extension ContinuousClock.Instant {
  /// On the clock that the C side reads, in nanoseconds.
  var monotonic: Int64 {
    let left = ContinuousClock.now.duration(to: self).components
    // A deadline centuries away is as good as none.
    let seconds = min(max(left.seconds, -1_000_000_000), 1_000_000_000)
    return apus_image_now_ns() + seconds * 1_000_000_000 + left.attoseconds / 1_000_000_000
  }
}
