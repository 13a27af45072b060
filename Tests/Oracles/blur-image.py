"""What blur-image is compared with: OpenCV's detector, Pillow's decoders, and the photographs inside scikit-image.

usage: blur-image.py material FOLDER         images and OpenCV's boxes, into a folder
       blur-image.py faces FILE...           the number of frontal faces that OpenCV finds in each
       blur-image.py decode FILE TARGET      Pillow's pixels as RGB, and what else it finds in the file
       blur-image.py unzip FILE              names and sizes in an archive, after testing it
"""
import io
import os
import random
import struct
import sys
import zipfile

import cv2
import numpy
import PIL.Image
import PIL.ImageCms
import skimage

DATA = os.path.join(os.path.dirname(skimage.__file__), "data")
CASCADES = {
    "face": "haarcascade_frontalface_alt2.xml",
    "profile": "haarcascade_profileface.xml",
    "plate": "haarcascade_russian_plate_number.xml",
}
FACELESS = ["coffee.png", "chelsea.png", "rocket.jpg", "motorcycle_left.png", "motorcycle_right.png", "brick.png",
            "grass.png", "gravel.png", "moon.png", "page.png", "text.png", "coins.png", "clock_motion.png",
            "hubble_deep_field.jpg", "retina.jpg", "ihc.png", "cell.png", "horse.png", "color.png", "logo.png"]


def cascade(kind):
    for folder in ("/usr/share/opencv4/haarcascades", cv2.data.haarcascades):
        path = os.path.join(folder, CASCADES[kind])
        if os.path.exists(path):
            return cv2.CascadeClassifier(path)
    raise SystemExit("no cascades")


def grey(name):
    return cv2.imread(os.path.join(DATA, name), cv2.IMREAD_GRAYSCALE)


def raw(folder, name, image):
    """Grey pixels with the size in front."""
    with open(f"{folder}/{name}.grey", "wb") as file:
        file.write(struct.pack("<2I", image.shape[1], image.shape[0]) + image.tobytes())


def oracle(folder):
    """The boxes of each cascade in each image, of groups of more than three windows."""
    images = {name.split(".")[0]: grey(name) for name in ["astronaut.png"] + FACELESS[:6]}
    images["plates"] = plates()[0]
    with open(f"{folder}/boxes.txt", "w") as file, open(f"{folder}/windows.txt", "w") as windows:
        for name, image in images.items():
            raw(folder, name, image)
            for kind in CASCADES:
                for box in cascade(kind).detectMultiScale(image, 1.1, 0):
                    print(name, kind, *box, file=windows)
                for box in cascade(kind).detectMultiScale(image, 1.1, 3):
                    print(name, kind, *box, file=file)


def plates():
    """Drawn licence plates in their countries' proportions, 120 pixels wide, on a street of noise."""
    numbers = random.Random(5)
    canvas = cv2.GaussianBlur(
        numpy.random.default_rng(5).integers(40, 130, (600, 900), dtype=numpy.uint8), (0, 0), 9)
    places = []
    for row in range(4):
        for column in range(3):
            x, y = 60 + column * 290, 50 + row * 140
            plate = numpy.full((44, 200), 235, numpy.uint8)
            cv2.rectangle(plate, (1, 1), (198, 42), 20, 2)
            letters = "".join(numbers.choice("ABEKMHOPCTYX") for _ in range(3))
            digits = "".join(numbers.choice("0123456789") for _ in range(3))
            text = letters[0] + digits + letters[1:] + " 77"
            cv2.putText(plate, text, (10, 33), cv2.FONT_HERSHEY_SIMPLEX, 0.95, 20, 3, cv2.LINE_AA)
            canvas[y:y + 44, x:x + 200] = plate
            places.append((x, y, 200, 44))
    return canvas, places


def country_plate(country, numbers):
    """A plate in a country's proportions, 520 pixels wide."""
    def letters(count):
        return "".join(numbers.choice("ABEKMHOPCTYX") for _ in range(count))

    def digits(count):
        return "".join(numbers.choice("0123456789") for _ in range(count))

    height, left, text = {
        "RU": (112, 20, f"{letters(1)}{digits(3)}{letters(2)} {digits(2)}"),
        "EU": (110, 60, f"{letters(2)} {letters(2)} {digits(4)}"),
        "US": (260, 20, f"{digits(1)}{letters(3)}{digits(3)}"),
    }[country]
    plate = numpy.full((height, 520), 235, numpy.uint8)
    cv2.rectangle(plate, (3, 3), (516, height - 4), 20, 4)
    if country == "EU":
        cv2.rectangle(plate, (0, 0), (48, height), 90, -1)
    (width, tall), _ = cv2.getTextSize(text, cv2.FONT_HERSHEY_SIMPLEX, 2.2, 9)
    scale = min(2.2 * (500 - left) / width, 2.2 * height * 0.72 / tall)
    (width, tall), _ = cv2.getTextSize(text, cv2.FONT_HERSHEY_SIMPLEX, scale, 9)
    place = (left + (520 - left - width) // 2, (height + tall) // 2)
    cv2.putText(plate, text, place, cv2.FONT_HERSHEY_SIMPLEX, scale, 20, 9, cv2.LINE_AA)
    return plate


def countries(folder):
    """A hundred plates of each country's form, 80 to 200 pixels wide, upright, alone on a canvas of soft noise."""
    with open(f"{folder}/countries.txt", "w") as file:
        for country in ("RU", "EU", "US"):
            numbers = random.Random(1)
            noise = numpy.random.default_rng(1)
            for index in range(100):
                width = numbers.randint(80, 200)
                plate = country_plate(country, numbers)
                plate = cv2.resize(plate, (width, plate.shape[0] * width // 520), interpolation=cv2.INTER_AREA)
                canvas = cv2.GaussianBlur(noise.integers(40, 130, (240, 360), dtype=numpy.uint8), (0, 0), 9)
                x, y = numbers.randint(20, 340 - width), numbers.randint(20, 220 - plate.shape[0])
                canvas[y:y + plate.shape[0], x:x + width] = plate
                raw(folder, f"{country}-{index}", canvas)
                print(country, index, x, y, width, plate.shape[0], file=file)


def canvas_of(face, size, shift=0):
    """A face of so many pixels, `shift` of them out of the middle of what goes on softly around it."""
    face = cv2.resize(face, (size, size), interpolation=cv2.INTER_CUBIC)
    above, beside = size * 17 // 30, size * 5 // 6
    canvas = cv2.copyMakeBorder(
        face, above + shift, above - shift, beside + shift, beside - shift, cv2.BORDER_REPLICATE)
    canvas = cv2.GaussianBlur(canvas, (0, 0), size * 0.08)
    canvas[above + shift:above + shift + size, beside + shift:beside + shift + size] = face
    return canvas


def faces(folder):
    """The hundred faces of scikit-image's part of LFW, large enough to be seen, each on a canvas of its own."""
    subset = (numpy.load(f"{DATA}/lfw_subset.npy") * 255).clip(0, 255).astype(numpy.uint8)
    for index in range(100):
        canvas = canvas_of(subset[index], 150)
        raw(folder, f"lfw-{index}", canvas)
        # Windows step by some pixels: a small face does not always lie where one looks.
        for size in (30, 36, 44, 64):
            raw(folder, f"lfw-{index}-of-{size}", canvas_of(subset[index], size, index % 4))
        turn = cv2.getRotationMatrix2D((200, 160), 25, 1)
        tilted = cv2.warpAffine(canvas, turn, (400, 320), borderMode=cv2.BORDER_REPLICATE)
        raw(folder, f"tilted-{index}", tilted)


def variants(folder):
    """The same photograph in every form that a caller may send."""
    photograph = PIL.Image.open(f"{DATA}/astronaut.png").convert("RGB")
    profile = PIL.ImageCms.ImageCmsProfile(PIL.ImageCms.createProfile("sRGB")).tobytes()
    exif = PIL.Image.Exif()
    exif[0x0112] = 6
    exif[0x010E] = "somewhere private"
    turned = photograph.transpose(PIL.Image.Transpose.ROTATE_90)
    photograph.save(f"{folder}/photograph.jpg", quality=92, icc_profile=profile)
    photograph.save(f"{folder}/photograph.png", icc_profile=profile)
    photograph.save(f"{folder}/photograph.webp", quality=92, icc_profile=profile)
    photograph.save(f"{folder}/lossless.webp", lossless=True)
    turned.save(f"{folder}/turned.jpg", quality=92, exif=exif.tobytes())
    turned.save(f"{folder}/turned.png", exif=exif.tobytes())
    turned.save(f"{folder}/turned.webp", quality=92, exif=exif.tobytes())
    photograph.save(f"{folder}/progressive.jpg", quality=92, progressive=True)
    photograph.convert("CMYK").save(f"{folder}/cmyk.jpg", quality=92)
    photograph.convert("L").save(f"{folder}/grey.jpg", quality=92)
    photograph.convert("L").save(f"{folder}/grey.png")
    photograph.convert("P", palette=PIL.Image.Palette.ADAPTIVE).save(f"{folder}/palette.png")
    photograph.convert("RGBA").save(f"{folder}/alpha.png")
    photograph.convert("LA").save(f"{folder}/grey-alpha.png")
    photograph.convert("RGBA").save(f"{folder}/alpha.webp", quality=92)
    cv2.imwrite(f"{folder}/deep.png", cv2.imread(f"{DATA}/astronaut.png").astype(numpy.uint16) * 257)
    small = photograph.resize((64, 64))
    small.save(f"{folder}/animated.webp", save_all=True, append_images=[small.rotate(90)], duration=50)
    small.save(f"{folder}/animated.png", save_all=True, append_images=[small.rotate(90)], duration=50)
    for name in FACELESS:
        PIL.Image.open(f"{DATA}/{name}").convert("RGB").save(f"{folder}/faceless-{name.split('.')[0]}.jpg", quality=92)


def material(folder):
    oracle(folder)
    faces(folder)
    countries(folder)
    variants(folder)
    canvas, places = plates()
    cv2.imwrite(f"{folder}/plates.jpg", canvas)
    with open(f"{folder}/plates.txt", "w") as file:
        for place in places:
            print(*place, file=file)


def decode(path, target):
    image = PIL.Image.open(path)
    known = {"icc_profile", "jfif", "jfif_version", "jfif_unit", "jfif_density", "progression", "progressive",
             "loop", "background", "duration", "timestamp", "adobe", "adobe_transform",
             # What libpng says of a profile that it knows; part of the colours.
             "chromaticity", "gamma", "srgb"}
    others = sorted(set(image.info) - known)
    print(image.width, image.height, image.mode, len(image.info.get("icc_profile") or b""), len(image.getexif()),
          ",".join(others) or "-")
    with open(target, "wb") as file:
        file.write(image.convert("RGB").tobytes())


def colours(before, after, secret):
    """How far apart two images' profiles set a cube of colours, and whether the second has the secret."""
    grid = numpy.stack(numpy.meshgrid(*[numpy.arange(0, 256, 15, dtype=numpy.uint8)] * 3), -1).reshape(-1, 1, 3)
    seen = []
    for path in before, after:
        profile = PIL.Image.open(path).info["icc_profile"]
        seen.append(numpy.asarray(PIL.ImageCms.profileToProfile(
            PIL.Image.fromarray(grid), PIL.ImageCms.ImageCmsProfile(io.BytesIO(profile)),
            PIL.ImageCms.createProfile("sRGB"))).astype(int))
    same = (seen[0] == grid).all()
    print(abs(seen[0] - seen[1]).max(), "plain" if same else "turned", secret.encode() in profile)


def main():
    command, arguments = sys.argv[1], sys.argv[2:]
    if command == "material":
        material(arguments[0])
    elif command == "faces":
        for path in arguments:
            image = cv2.imread(path, cv2.IMREAD_GRAYSCALE)
            print(len(cascade("face").detectMultiScale(image, 1.1, 3)))
    elif command == "colours":
        colours(*arguments)
    elif command == "decode":
        decode(*arguments)
    elif command == "unzip":
        with zipfile.ZipFile(arguments[0]) as archive:
            assert archive.testzip() is None
            for entry in archive.infolist():
                print(entry.filename, entry.file_size)


main()
