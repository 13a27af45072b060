#!/usr/bin/env python3
"""Sends a set of series through the running forecast function and writes what it answers, for the set's scorer.

  python3 Benchmarks/forecast/measure.py PROGRAM SET_FOLDER [--effort normal] [--out mine.json] [--cold 20]

PROGRAM is the built function; SET_FOLDER has requests.json (name -> frequency, seasons, horizon, ds, y) and, if there
are some, holidays.csv (series,date,name). Written are OUT (without holidays) and OUT with -holidays in its name (with
them, for the series that have some), each with the processor time of each call, read from the kernel. Printed are the
sums, the memory, and the time from starting the program to its first forecast of 120 points.
Standard library only; the scorer is not part of this repository: python3 score_forecast.py OUT."""
import argparse, csv, http.client, json, os, signal, socket, statistics, subprocess, time

TICK = os.sysconf("SC_CLK_TCK")


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Function:
    """The program while it serves."""

    def __init__(self, program):
        self.port = free_port()
        environment = {"port": str(self.port), "bind_address": "127.0.0.1", "metrics_port": str(free_port()),
                       "exec_timeout": "120s", "healthcheck_interval": "0s", "PATH": os.environ.get("PATH", "")}
        self.process = subprocess.Popen([program], env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)

    def call(self, body, path="/"):
        end = time.monotonic() + 30
        while True:
            try:
                connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=120)
                connection.request("POST", path, json.dumps(body), {"Content-Type": "application/json"})
                answer = connection.getresponse()
                text = answer.read()
                connection.close()
                if answer.status != 200:
                    raise SystemExit(f"{answer.status}: {text[:500]!r}")
                return json.loads(text)
            except ConnectionRefusedError:
                if time.monotonic() > end or self.process.poll() is not None:
                    raise SystemExit("the function does not answer")
                time.sleep(0.0005)

    def processor_seconds(self):
        # The scheduler's own sum in nanoseconds, over all threads.
        total = 0
        for task in os.listdir(f"/proc/{self.process.pid}/task"):
            with open(f"/proc/{self.process.pid}/task/{task}/schedstat") as file:
                total += int(file.read().split()[0])
        return total / 1e9

    def memory(self, name):
        with open(f"/proc/{self.process.pid}/status") as file:
            for line in file:
                if line.startswith(name):
                    return int(line.split()[1]) / 1024
        return float("nan")

    def stop(self):
        self.process.send_signal(signal.SIGTERM)
        self.process.wait(timeout=60)


def question(series, effort, holidays):
    body = {"series": series["y"], "timestamps": series["ds"], "frequency": series["frequency"],
            "seasonality": series["seasons"], "horizon": series["horizon"], "levels": [80, 95], "effort": effort}
    if holidays:
        body["holidays"] = holidays
    return body


def run(program, requests, effort, holidays):
    function = Function(program)
    results = {}
    try:
        for name, series in requests.items():
            before = function.processor_seconds()
            began = time.monotonic()
            answer = function.call(question(series, effort, holidays.get(name)))
            wall = time.monotonic() - began
            steps = answer["forecast"]
            results[name] = {key: [step[key] for step in steps] for key in ("mean", "lo80", "hi80", "lo95", "hi95")}
            results[name] |= {"horizon": series["horizon"], "cpu_s": function.processor_seconds() - before,
                              "wall_ms": wall * 1e3, "model": answer["model"]}
        return results, function.memory("VmHWM")
    finally:
        function.stop()


def cold(program, effort, count):
    """From starting the program to its first forecast: a daily series of 120 points with a week in it."""
    values = [100 + 0.3 * i + 12 * ((i * 5) % 7) + ((i * 37) % 11) for i in range(120)]
    body = {"series": values, "seasonality": [7], "horizon": 30, "effort": effort}
    times = []
    memory = 0
    for _ in range(count):
        began = time.monotonic()
        function = Function(program)
        try:
            function.call(body)
            times.append((time.monotonic() - began) * 1e3)
            memory = max(memory, function.memory("VmHWM"))
        finally:
            function.stop()
    times.sort()
    return statistics.median(times), times[min(len(times) - 1, int(len(times) * 0.9))], memory


def main():
    options = argparse.ArgumentParser()
    options.add_argument("program")
    options.add_argument("set")
    options.add_argument("--effort", default="normal")
    options.add_argument("--out", default="mine.json")
    options.add_argument("--cold", type=int, default=20)
    options = options.parse_args()
    with open(os.path.join(options.set, "requests.json")) as file:
        requests = json.load(file)
    holidays = {}
    path = os.path.join(options.set, "holidays.csv")
    if os.path.exists(path):
        with open(path, newline="") as file:
            for row in csv.DictReader(file):
                holidays.setdefault(row["series"], []).append({"date": row["date"], "name": row["name"]})
    runs = [(requests, {}, options.out)]
    if holidays:
        some = {name: requests[name] for name in requests if name in holidays}
        runs.append((some, holidays, options.out.replace(".json", "-holidays.json")))
    for chosen, given, out in runs:
        results, memory = run(options.program, chosen, options.effort, given)
        with open(out, "w") as file:
            json.dump(results, file)
        spent = sorted(result["cpu_s"] for result in results.values())
        print(f"{out}: {len(results)} series, processor seconds {sum(spent):.2f} in all, {statistics.median(spent):.3f} "
              f"median, {spent[-1]:.2f} most; peak memory {memory:.1f} MiB")
    for effort in ("quick", "normal"):
        if options.cold > 0:
            median, high, memory = cold(options.program, effort, options.cold)
            print(f"cold start to first forecast, {effort}: median {median:.1f} ms, p90 {high:.1f} ms "
                  f"of {options.cold}; peak memory {memory:.1f} MiB")


if __name__ == "__main__":
    main()
