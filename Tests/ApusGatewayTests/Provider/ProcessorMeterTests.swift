import ApusGateway
import ApusIO
import Testing

@Suite struct `A processor meter` {
  @Test func `tells what was used between two looks, in thousandths of a processor`() {
    var meter = ProcessorMeter(now: .at(10))
    #expect(meter.milliCPU(used: .seconds(1), now: .at(12)) == 500)
    #expect(meter.milliCPU(used: .seconds(1), now: .at(14)) == 0, "it was idle since")
    #expect(meter.milliCPU(used: .seconds(5), now: .at(16)) == 2000, "two processors")
  }

  @Test func `takes two looks right after each other for one`() {
    var meter = ProcessorMeter(now: .at(0))
    _ = meter.milliCPU(used: .seconds(1), now: .at(10))
    #expect(meter.milliCPU(used: .seconds(1), now: .at(10.001)) == 100 / 1.0001)
  }

  @Test func `says nothing where nothing can be known`() {
    var meter = ProcessorMeter(now: .at(0))
    #expect(meter.milliCPU(used: .seconds(1), now: .at(0)) == 0)
    _ = meter.milliCPU(used: .seconds(9), now: .at(10))
    #expect(meter.milliCPU(used: .seconds(3), now: .at(20)) == 0, "some of the processes have ended")
  }
}
