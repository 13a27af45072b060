/// Series whose forecasts by other programs are known.
enum Samples {
  /// Thousands of airline passengers a month from 1949 on (Box and Jenkins 1976), without the last two years.
  static let passengers: [Double] = [
    112, 118, 132, 129, 121, 135, 148, 148, 136, 119, 104, 118, 115, 126, 141, 135, 125, 149, 170, 170, 158, 133, 114,
    140, 145, 150, 178, 163, 172, 178, 199, 199, 184, 162, 146, 166, 171, 180, 193, 181, 183, 218, 230, 242, 209, 191,
    172, 194, 196, 196, 236, 235, 229, 243, 264, 272, 237, 211, 180, 201, 204, 188, 235, 227, 234, 264, 302, 293, 259,
    229, 203, 229, 242, 233, 267, 269, 270, 315, 364, 347, 312, 274, 237, 278, 284, 277, 317, 313, 318, 374, 413, 405,
    355, 306, 271, 306, 315, 301, 356, 348, 355, 422, 465, 467, 404, 347, 305, 336, 340, 318, 362, 348, 363, 435, 491,
    505, 404, 359, 310, 337,
  ]

  /// The Nile's flow at Aswan, by year from 1871 on (Cobb 1978), without the last years.
  static let nile: [Double] = [
    1120, 1160, 963, 1210, 1160, 1160, 813, 1230, 1370, 1140, 995, 935, 1110, 994, 1020, 960, 1180, 799, 958, 1140,
    1100, 1210, 1150, 1250, 1260, 1220, 1030, 1100, 774, 840, 874, 694, 940, 833, 701, 916, 692, 1020, 1050, 969, 831,
    726, 456, 824, 702, 1120, 1100, 832, 764, 821, 768, 845, 864, 862, 698, 845, 744, 796, 1040, 759, 781, 865, 845,
    944,
    984, 897, 822, 1010, 771, 676, 649, 846, 812, 742, 801, 1040,
  ]

  /// A week with a trend and a little that looks like noise, the same in every run.
  static func weekly(_ count: Int, slope: Double = 0.3) -> [Double] {
    (0..<count).map { index in
      let season = [0, 12, 15, 13, 9, -20, -26][index % 7]
      let noise = Double((index * 37 + index * index * 11) % 23) / 23 - 0.5
      return 100 + slope * Double(index) + Double(season) + 6 * noise
    }
  }
}
