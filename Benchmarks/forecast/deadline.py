#!/usr/bin/env python3
"""Asks the running forecast function for more than there is time for, and says when it answered.

  python3 Benchmarks/forecast/deadline.py PROGRAM

PROGRAM is the built function. Each row is a call that would take longer than its time: 20,000 values with long seasons
or thousands of causes, or a set of many series, within the effort's 1 or 3 s or the caller's X-Timeout. It ends
with 1 if an answer is no 200 (where there may be no time to read: nor a 504 that the function gives itself), or comes
more than 0.2 s after the effort's time or after X-Timeout. Standard library only."""
import http.client, json, math, random, sys, time

from measure import Function

LONG = [24, 168, 336, 504, 720, 1000]
LONGER = [720, 1000, 1440, 3000, 5000, 6600]


def series(seasons, count=20_000):
    noise = random.Random(5)
    def value(i):
        waves = sum((10 + 2 * n) * math.sin(2 * math.pi * i / season) for n, season in enumerate(seasons))
        return round(100 + 0.001 * i + waves + noise.gauss(0, 3), 2)

    return [value(i) for i in range(count)]


def holed(values):
    """With gaps and outliers, so that there is something to clean."""
    return [None if i % 97 == 0 else 900 if i % 500 == 50 else value for i, value in enumerate(values)]


def caused(names):
    """Minutes with so many holidays and events on two days, each with a name of its own."""
    def dates(day, name):
        return [{"date": day, "name": f"{name} {n}"} for n in range(names)]

    return {"series": series([60]), "timestamps": [1704067200 + 60 * i for i in range(20_000)], "frequency": "min",
            "horizon": 100, "holidays": dates("2024-01-05", "h"), "events": dates("2024-01-06", "e")}


def ask(function, body, timeout):
    connection = http.client.HTTPConnection("127.0.0.1", function.port, timeout=120)
    headers = {"Content-Type": "application/json"} | ({"X-Timeout": timeout} if timeout else {})
    text = json.dumps(body)
    began = time.monotonic()
    connection.request("POST", "/", text, headers)
    answer = connection.getresponse()
    document = json.loads(answer.read())
    spent = time.monotonic() - began
    connection.close()
    return answer.status, spent, document


def main():
    if len(sys.argv) != 2:
        raise SystemExit(__doc__)
    plain = series(LONG)
    # Short enough that reading all of them leaves time.
    member = {"series": plain[:5_000], "seasonality": LONG}
    far = {"horizon": 4000, "capacity": {"limit": 1e5}, "what_if": {"growth": 1.2}}
    rows = [  # what, request, X-Timeout, the seconds within which it has to be answered, and how if not only by 200
        ("six long seasons", {"series": plain, "seasonality": LONG}, None, 3.2),
        ("six long seasons, gaps and outliers", {"series": holed(plain), "seasonality": LONG}, None, 3.2),
        ("six long seasons, 4,000 steps ahead", {"series": plain, "seasonality": LONG} | far, None, 3.2),
        ("six longer seasons", {"series": series(LONGER), "seasonality": LONGER}, None, 3.2),
        ("six longer seasons, quick", {"series": plain, "seasonality": LONGER, "effort": "quick"}, None, 1.2),
        ("one season of 6,600 steps", {"series": plain, "seasonality": 6600}, None, 3.2),
        ("a million values, the last 20,000 used", {"series": plain * 50, "seasonality": LONGER}, None, 3.7),
        ("600 causes of 1,440 steps", caused(300), None, 3.2),
        ("600 causes of 1,440 steps, quick", caused(300) | {"effort": "quick"}, None, 1.2),
        ("four long seasons within 1 s", {"series": plain, "seasonality": LONG[1:5]}, "1s", 1),
        ("four longer seasons within 1 s", {"series": plain, "seasonality": LONGER[2:]}, "1s", 1),
        ("four longer seasons within 500 ms", {"series": plain, "seasonality": LONGER[2:]}, "500ms", 0.5),
        ("100 series within 2 s", {"series_set": dict.fromkeys(map(str, range(100)), member)}, "2s", 2),
        ("two million values within 500 ms", {"series_set": dict.fromkeys(map(str, range(100)), {"series": plain})},
         "500ms", 0.5, 200, 504),
    ]
    function = Function(sys.argv[1])
    function.call({"series": [1, 2, 3, 4]})
    good = True
    try:
        for name, body, timeout, limit, *other in rows:
            status, spent, answer = ask(function, body, timeout)
            good = good and status in (other or [200]) and spent <= limit
            state = "degraded" if answer.get("degraded") else "whole" if status == 200 else answer.get("title")
            if "results" in answer:
                counts = [sum(test(one) for one in answer["results"].values()) for test in (
                    lambda one: "forecast" in one, lambda one: "degraded" in one, lambda one: one.get("status") == 504)]
                print(f"{name:40} {status} after {spent:.2f} s of {limit}: "
                      f"{counts[0]} answers, {counts[1]} of them degraded; no time for {counts[2]}", flush=True)
                continue
            print(f"{name:40} {status} after {spent:.2f} s of {limit}: {state}, dropped {len(answer.get('dropped', []))}, "
                  f"by {', '.join(list(answer.get('weights', {}))[:3])}", flush=True)
    finally:
        function.stop()
    if not good:
        raise SystemExit("an answer came too late, or was none")


main()
