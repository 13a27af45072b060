"""The peer of blur-image: Flask around OpenCV. decode, frontal faces, gaussian, JPEG.

usage: blur.py images FOLDER    photographs of 640, 1280 and 1920 pixels, as JPEG
       blur.py serve            on bind_address and port
"""
import logging
import os
import sys

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


if sys.argv[1] == "images":
    images(sys.argv[2])
else:
    serve()
