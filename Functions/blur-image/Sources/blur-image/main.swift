import Apus
import BlurImage
import Glibc

// The images of one call are large and short-lived: blocks of their size go back to the system when they are freed, not
// into a heap that only grows.
mallopt(M_MMAP_THRESHOLD, 256 << 10)

serve(BlurFunction(BlurLimits { name in getenv(name).map { String(cString: $0) } }).routes)
