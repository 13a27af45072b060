import Apus
import BlurImage
import Glibc
import ImageCodecs

ImageMemory.giveBackEarly()

serve(BlurFunction(BlurLimits { name in getenv(name).map { String(cString: $0) } }).routes)
