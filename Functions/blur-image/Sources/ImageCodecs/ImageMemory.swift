internal import CImageCodecs

/// The process's memory while images come and go.
package enum ImageMemory {
  /// What an image took goes back to the system when it is done, instead of staying in the heap. Once, at the start.
  package static func giveBackEarly() { apus_image_give_back_memory() }
}
