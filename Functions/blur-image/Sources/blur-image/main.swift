import Apus
import BlurImage
import Glibc
import ImageCodecs

ImageMemory.giveBackEarly()

func variable(_ name: String) -> String? { getenv(name).map { String(cString: $0) } }

let settings = Result { () throws(SettingError) in try BlurSettings(variable) }
let usable = (try? settings.get()) ?? BlurSettings()
// What makes no sense ends the function before any call.
serve(BlurFunction(usable.limits, usable.shelf).handler, hooks: Hooks(start: { _ = try settings.get() }))
