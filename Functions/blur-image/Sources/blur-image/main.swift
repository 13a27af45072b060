import Apus
import BlurImage
import Glibc
import ImageCodecs
import NetworkDetection

ImageMemory.giveBackEarly()

func variable(_ name: String) -> String? { getenv(name).map { String(cString: $0) } }

serve(BlurFunction(BlurLimits(variable), NetworkShelf(variable)).routes)
