#!/usr/bin/env python3
"""Measures the functions of accounts: `make bench BENCH=accounts`, or `make build` and then this, from the root.

It exits 1 if a sign-in fails or a function takes as much memory as the limit below.

Cold calls and claims go through a gateway, sign-ins straight to `authenticate`, so that the figure is its own.
"""
import base64, concurrent.futures, hashlib, hmac, http.client, json, os, signal, statistics, struct, subprocess, sys
import tempfile, time

bin_folder = os.path.abspath(sys.argv[1] if len(sys.argv) > 1 else ".build/release")
accounts, clients, rounds = 200, 16, 40
# What hashes at once may come to, by the issue that asked for the functions.
most_megabytes = 256
missed = []


def ask(port, method, path, body=None, headers={}):
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    connection.request(method, path, json.dumps(body) if body is not None else None, headers)
    answer = connection.getresponse()
    content = answer.read()
    connection.close()
    return answer.status, content


def median_ms(times):
    return f"p50 {statistics.median(times) * 1000:.1f} ms, p99 {sorted(times)[int(len(times) * 0.99)] * 1000:.1f} ms"


def timed(call):
    start = time.perf_counter()
    status, content = call()
    return time.perf_counter() - start, status, content


def code(secret):
    mac = hmac.new(base64.b32decode(secret), struct.pack(">Q", int(time.time()) // 30), hashlib.sha1).digest()
    at = mac[19] & 15
    return "%06d" % ((struct.unpack(">I", mac[at:at + 4])[0] & 0x7FFFFFFF) % 1_000_000)


def peak_megabytes(pid):
    with open(f"/proc/{pid}/status") as status:
        return int(next(line for line in status if line.startswith("VmHWM")).split()[1]) / 1024


def ready(port):
    for _ in range(200):
        try:
            if ask(port, "GET", "/_/health")[0] == 200:
                return
        except OSError:
            time.sleep(0.02)
    sys.exit("it did not start")


def alone(folder, name, port):
    environment = dict(
        os.environ, port=str(port), metrics_port="0", secret_mount_path=folder, creation_per_hour="1000000",
        pending_accounts="1000000", exec_timeout="60s")
    process = subprocess.Popen([f"{bin_folder}/{name}"], env=environment, stderr=subprocess.DEVNULL)
    ready(port)
    return process


def sign_ins(folder):
    create, sign = alone(folder, "create-account", 18461), alone(folder, "authenticate", 18462)
    try:
        with concurrent.futures.ThreadPoolExecutor(clients) as pool:
            made = [json.loads(content) for _, content in pool.map(
                lambda n: ask(18461, "POST", "/", {"login": f"user{n}"}), range(accounts))]
            # All codes within one step.
            time.sleep(30 - time.time() % 30 + 0.2)
            start = time.perf_counter()
            answers = list(pool.map(
                lambda m: timed(lambda: ask(18462, "POST", "/", {
                    "login": m["login"], "password": m["password"]["text"], "totp": code(m["totp"]["secret"])})), made))
            elapsed = time.perf_counter() - start
        good = sum(1 for _, status, _ in answers if status == 200)
        print(f"sign-ins: {good / elapsed:.1f} a second "
              f"({good} of {accounts}, {clients} clients, {os.cpu_count()} cores)")
        if good < accounts:
            missed.append(f"{accounts - good} of {accounts} sign-ins failed")
        for name, process in (("authenticate", sign), ("create-account", create)):
            peak = peak_megabytes(process.pid)
            print(f"peak memory of {name}: {peak:.0f} MB")
            if peak >= most_megabytes:
                missed.append(f"{name} took {peak:.0f} MB, wanted below {most_megabytes}")
    finally:
        for process in (create, sign):
            process.send_signal(signal.SIGTERM)
            process.wait()


def through_gateway(folder):
    data = f"{folder}/data"
    process = subprocess.Popen(
        [f"{bin_folder}/apus-gateway", "--port", "18463", "--metrics-port", "18464", "--data", data],
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        ready_by = time.time() + 20
        while time.time() < ready_by:
            try:
                if ask(18463, "GET", "/healthz")[0] == 200:
                    break
            except OSError:
                time.sleep(0.02)
        user, password = (open(f"{data}/auth/basic-auth-{part}").read().strip() for part in ("user", "password"))
        admin = {"Authorization": "Basic " + base64.b64encode(f"{user}:{password}".encode()).decode()}
        key = open(f"{folder}/accounts-key").read()
        ask(18463, "POST", "/system/secrets", {"name": "accounts-key", "value": key}, admin)
        # hello beside them, without and with what they are given: what the functions cost, and what the gateway.
        programs = {"hello": "hello", "hello-given": "hello"}
        programs |= {name: name for name in ("create-account", "authenticate")}
        for name, program in programs.items():
            given = {} if name == "hello" else {
                "secrets": ["accounts-key"], "annotations": {"com.apus.volume.accounts": "/data"}}
            tar = f"{folder}/{name}.tar"
            subprocess.run(
                ["tar", "-C", bin_folder, "--transform", "s,.*,handler,", "-cf", tar, program], check=True)
            connection = http.client.HTTPConnection("127.0.0.1", 18463, timeout=60)
            connection.request("PUT", f"/system/artefacts/{name}", open(tar, "rb").read(), admin)
            connection.getresponse().read()
            status, content = ask(18463, "POST", "/system/functions", {
                "service": name, "image": f"{name}:latest", **given,
                "envVars": {"public_url": "https://apus.example.org", "pending_accounts": "1000000"}}, admin)
            assert status == 202, content
        paths = {"hello": "/", "hello-given": "/", "create-account": "/claim", "authenticate": "/.well-known/jwks.json"}
        for name, path in paths.items():
            cold, warm = [], []
            for _ in range(rounds):
                ask(18463, "POST", f"/system/scale-function/{name}", {"serviceName": name, "replicas": 0}, admin)
                while json.loads(ask(18463, "GET", f"/system/function/{name}", None, admin)[1]).get("replicas", 0):
                    time.sleep(0.01)
                for times in (cold, warm):
                    took, status, content = timed(lambda: ask(18463, "GET", f"/function/{name}{path}"))
                    assert status == 200, content
                    times.append(took)
            print(f"{name}, cold call through the gateway: {median_ms(cold)}, best {min(cold) * 1000:.1f}; "
                  f"warm: {median_ms(warm)}")
        times = []
        for n in range(rounds * 5):
            body = {"login": f"claimed{n}", "delivery": "claim"}
            took, status, content = timed(lambda: ask(18463, "POST", "/function/create-account", body, admin))
            assert status == 201, content
            times.append(took)
        print(f"create-account without the hash (a claim with both QR codes): {median_ms(times)}")
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait()


with tempfile.TemporaryDirectory() as folder:
    with open(f"{folder}/accounts-key", "w") as key:
        key.write(base64.b64encode(os.urandom(32)).decode())
    with open(f"{folder}/accounts-url", "w") as url:
        url.write(f"sqlite:{folder}/accounts.db")
    sign_ins(folder)
    through_gateway(folder)
for line in missed:
    print(f"missed: {line}")
sys.exit(1 if missed else 0)
