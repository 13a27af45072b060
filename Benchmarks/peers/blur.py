"""The peer of blur-image: Flask around OpenCV. decode, frontal faces, gaussian, JPEG. Also its photographs, and a count.

usage: blur.py images FOLDER    photographs of 640, 1280 and 1920 pixels, as JPEG
       blur.py serve            on bind_address and port
       blur.py noise PROGRAM [COUNT]
                                starts blur-image, hides the face of one photograph COUNT times (200), and counts in how
                                many of them its own fast and thorough find a face, which is none
"""
import http.client
import json
import logging
import os
import socket
import subprocess
import sys
import time

import cv2
import numpy

WIDTHS = (640, 1280, 1920)


def images(folder):
    import skimage

    data = os.path.join(os.path.dirname(skimage.__file__), "data")
    street = cv2.imread(os.path.join(data, "motorcycle_left.png"))
    person = cv2.imread(os.path.join(data, "astronaut.png"))
    for width in WIDTHS:
        height = width * 3 // 4
        canvas = cv2.resize(street, (width, height), interpolation=cv2.INTER_CUBIC)
        side = height // 2
        canvas[height // 4:height // 4 + side, width // 4:width // 4 + side] = cv2.resize(
            person, (side, side), interpolation=cv2.INTER_AREA)
        cv2.imwrite(f"{folder}/blur-{width}.jpg", canvas, [cv2.IMWRITE_JPEG_QUALITY, 90])


def serve():
    import flask

    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    cv2.setNumThreads(2)
    cascade = cv2.CascadeClassifier("/usr/share/opencv4/haarcascades/haarcascade_frontalface_alt2.xml")
    app = flask.Flask("blur")

    @app.get("/")
    def ready():
        return "ready"

    @app.post("/")
    def blur():
        image = cv2.imdecode(numpy.frombuffer(flask.request.get_data(), numpy.uint8), cv2.IMREAD_COLOR)
        grey = cv2.cvtColor(image, cv2.COLOR_BGR2GRAY)
        for x, y, width, height in cascade.detectMultiScale(grey, 1.1, 3):
            part = image[y:y + height, x:x + width]
            image[y:y + height, x:x + width] = cv2.GaussianBlur(part, (0, 0), width / 10)
        _, encoded = cv2.imencode(".jpg", image, [cv2.IMWRITE_JPEG_QUALITY, 85])
        return encoded.tobytes(), 200, {"Content-Type": "image/jpeg"}

    app.run(os.environ["bind_address"], int(os.environ["port"]), threaded=True)


def ask(port, query, image):
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    connection.request("POST", f"/?objects=faces&{query}", image, {"Content-Type": "image/png"})
    answer = connection.getresponse()
    content = answer.read()
    connection.close()
    if answer.status != 200:
        raise SystemExit(f"{answer.status}: {content[:500]!r}")
    return content


def noise(program, count=200):
    import skimage

    with open(os.path.join(os.path.dirname(skimage.__file__), "data", "astronaut.png"), "rb") as file:
        photograph = file.read()
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    function = subprocess.Popen([program], env={"port": str(port), "bind_address": "127.0.0.1"},
                                stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)

    def boxes(detector, image):
        found = json.loads(ask(port, f"mode=detect&detector={detector}", image))["objects"]
        return [(box["x"], box["y"], box["width"], box["height"]) for box in found]

    detectors = ("fast", "thorough")
    try:
        end = time.monotonic() + 10
        while socket.socket().connect_ex(("127.0.0.1", port)):
            if function.poll() is not None or time.monotonic() > end:
                raise SystemExit(f"{program} does not answer")
            time.sleep(0.01)
        # The control: a face that is there is found.
        print("as it is:", *(f"{detector} {boxes(detector, photograph)}" for detector in detectors))
        seen = dict.fromkeys(detectors, 0)
        for number in range(1, count + 1):
            hidden = ask(port, "format=png", photograph)
            for detector in detectors:
                if found := boxes(detector, hidden):
                    seen[detector] += 1
                    print(f"redaction {number}: {detector} {found}")
        print("a face in noise:", ", ".join(f"{name} {times} of {count}" for name, times in seen.items()))
    finally:
        function.terminate()
        function.wait()


if sys.argv[1] == "images":
    images(sys.argv[2])
elif sys.argv[1] == "noise":
    noise(sys.argv[2], *map(int, sys.argv[3:4]))
else:
    serve()
