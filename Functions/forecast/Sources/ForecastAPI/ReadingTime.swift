/// Until when the request at hand may be read: decoders are given nothing but the text.
enum ReadingTime {
  @TaskLocal static var current: ComputingTime?
}
