import Glibc

// Median microseconds from posix_spawn to exit, and peak memory, of programs run in turns: Spawn ROUNDS PROGRAM…
@main
struct Spawn {
  static func main() {
    let rounds = Int(CommandLine.arguments[1]) ?? 1
    let programs = Array(CommandLine.arguments.dropFirst(2))
    var times = [[Double]](repeating: [], count: programs.count)
    var peaks = [Int](repeating: 0, count: programs.count)
    for _ in 0..<rounds {
      for (index, program) in programs.enumerated() {
        let start = ContinuousClock.now
        peaks[index] = max(peaks[index], run(program))
        times[index].append(start.duration(to: .now) / .microseconds(1))
      }
    }
    for (index, program) in programs.enumerated() {
      print(program, "median", Int(times[index].sorted()[rounds / 2]), "µs, peak", peaks[index], "KiB")
    }
  }

  /// Peak resident memory in KiB.
  static func run(_ program: String) -> Int {
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawn_file_actions_addopen(&actions, 1, "/dev/null", O_WRONLY, 0)
    let name = strdup(program)
    defer { free(name) }
    var pid = pid_t()
    guard posix_spawn(&pid, program, &actions, nil, [name, nil], nil) == 0 else { exit(1) }
    var status: Int32 = 0
    var usage = rusage()
    wait4(pid, &status, 0, &usage)
    guard status == 0 else { exit(1) }
    return usage.ru_maxrss
  }
}
