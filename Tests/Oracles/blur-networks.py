"""Networks of the shapes that detector=onnx knows, and what onnxruntime's own Python makes of them.

A network here finds red and blue things: the mean of a cell's redness, or blueness, is its score.

usage: blur-networks.py make FOLDER                        good networks, and hostile ones; prints the runtime's path
       blur-networks.py find LAYOUT FILE WIDTHxHEIGHT.rgb…  boxes in images of raw RGB: file kind x y width height score
"""
import glob
import math
import os
import sys

import cv2
import numpy
import onnx
import onnx.helper
import onnx.numpy_helper
import onnxruntime

SIDE = 320
STRIDES = (8, 16, 32)
# What a kind sees in red, green and blue of 0 to 1.
COLOURS = {"face": (1.0, -1.0, -0.5), "plate": (-0.5, -1.0, 1.0)}
FLOAT = onnx.TensorProto.FLOAT


class Graph:
    def __init__(self):
        self.nodes, self.values, self.count = [], [], 0

    def constant(self, value):
        self.count += 1
        name = f"c{self.count}"
        self.values.append(onnx.numpy_helper.from_array(numpy.asarray(value), name))
        return name

    def add(self, kind, *inputs, name=None, **attributes):
        self.count += 1
        name = name or f"n{self.count}"
        self.nodes.append(onnx.helper.make_node(kind, list(inputs), [name], **attributes))
        return name

    def save(self, path, inputs, outputs):
        def tensors(pairs):
            return [onnx.helper.make_tensor_value_info(name, kind, shape) for name, kind, shape in pairs]
        graph = onnx.helper.make_graph(self.nodes, "synthetic", tensors(inputs), tensors(outputs), self.values)
        model = onnx.helper.make_model(
            graph, ir_version=8, opset_imports=[onnx.helper.make_opsetid("", 17)])
        onnx.save(model, path)


def cells(side, stride):
    """Left and top of each, row by row."""
    across = side // stride
    y, x = numpy.meshgrid(numpy.arange(across), numpy.arange(across), indexing="ij")
    return x.reshape(-1).astype("f4") * stride, y.reshape(-1).astype("f4") * stride


def score(graph, kind, stride, order, mean, deviation):
    """1 × 1 × N."""
    weights = numpy.array(COLOURS[kind], "f4")[[0, 1, 2] if order == "rgb" else [2, 1, 0]]
    kernel = graph.constant((weights * deviation / 255).reshape(1, 3, 1, 1).astype("f4"))
    bias = graph.constant(numpy.array([weights.sum() * mean / 255], "f4"))
    seen = graph.add("Conv", "images", kernel, bias)
    pooled = graph.add("AveragePool", seen, kernel_shape=[stride, stride], strides=[stride, stride])
    held = graph.add("Clip", pooled, graph.constant(numpy.float32(0)), graph.constant(numpy.float32(1)))
    return graph.add("Reshape", held, graph.constant(numpy.array([1, 1, -1], "i8")))


def yolo(path, layout, kinds, side=SIDE, dynamic=False, points=0):
    graph, parts = Graph(), []
    for stride in STRIDES:
        left, top = cells(side, stride)
        half = numpy.full_like(left, stride / 2)
        box = graph.constant(numpy.stack([left + half, top + half, half * 5, half * 4])[None])
        scores = [score(graph, kind, stride, "rgb", 0, 255) for kind in kinds]
        if layout == "yolov8":
            rows = [box] + scores
        else:
            one = graph.constant(numpy.full((1, 1, left.size), 0.9, "f4"))
            rows = [box, one] + scores
        if points:
            marks = graph.constant(numpy.full((1, points, left.size), 77, "f4"))
            rows = rows + [marks] if layout == "yolov8" else rows[:2] + [marks] + rows[2:]
        parts.append(graph.add("Concat", *rows, axis=1))
    joined = graph.add("Concat", *parts, axis=2, name="output0" if layout == "yolov8" else None)
    if layout != "yolov8":
        joined = graph.add("Transpose", joined, perm=[0, 2, 1], name="output0")
    shape = ["batch", 3, "height", "width"] if dynamic else [1, 3, side, side]
    graph.save(path, [("images", FLOAT, shape)], [(joined, FLOAT, None)])


def yunet(path):
    graph, outputs = Graph(), {}
    for stride in STRIDES:
        count = (SIDE // stride) ** 2
        outputs[f"cls_{stride}"] = graph.add("Transpose", score(graph, "face", stride, "bgr", 0, 1), perm=[0, 2, 1])
        outputs[f"obj_{stride}"] = graph.constant(numpy.full((1, count, 1), 0.8, "f4"))
        box = numpy.tile(numpy.array([0.4, 0.6, math.log(2.5), math.log(2)], "f4"), (1, count, 1))
        outputs[f"bbox_{stride}"] = graph.constant(box)
        outputs[f"kps_{stride}"] = graph.constant(numpy.zeros((1, count, 10), "f4"))
    save_all(graph, path, outputs, ["cls", "obj", "bbox", "kps"])


def scrfd(path):
    graph, outputs = Graph(), {}
    for stride in STRIDES:
        count = (SIDE // stride) ** 2
        column = graph.constant(numpy.array([-1, 1]))
        one = graph.add("Reshape", score(graph, "face", stride, "rgb", 127.5, 128), column)
        # Two anchors a place; the second is less sure.
        pair = graph.add("Concat", one, graph.add("Mul", one, graph.constant(numpy.float32(0.5))), axis=1)
        outputs[f"score_{stride}"] = graph.add("Reshape", pair, column)
        outputs[f"bbox_{stride}"] = graph.constant(
            numpy.tile(numpy.array([[0.2, 0.3, 1.4, 1.2], [0.1, 0.1, 1, 1]], "f4"), (count, 1)))
        outputs[f"kps_{stride}"] = graph.constant(numpy.zeros((count * 2, 10), "f4"))
    save_all(graph, path, outputs, ["score", "bbox", "kps"])


def save_all(graph, path, outputs, order):
    names = [f"{kind}_{stride}" for kind in order for stride in STRIDES]
    for name in names:
        graph.add("Identity", outputs[name], name=name)
    graph.save(path, [("images", FLOAT, [1, 3, SIDE, SIDE])], [(name, FLOAT, None) for name in names])


def constant(path, output, shape=(1, 3, SIDE, SIDE), kind=FLOAT, more=0):
    """Always the same output, whatever is seen; `more` of it."""
    graph, names = Graph(), []
    for number in range(more + 1):
        names.append(graph.add("Identity", graph.constant(output), name=f"out{number}"))
    kind_out = onnx.helper.np_dtype_to_tensor_dtype(numpy.asarray(output).dtype)
    graph.save(path, [("images", kind, shape)], [(name, kind_out, None) for name in names])


def eight(*columns):
    """What a YOLOv8 of one class says of some places."""
    output = numpy.zeros((1, 5, 100), "f4")
    for index, column in enumerate(columns):
        output[0, :, index] = column
    return output


def hostile(folder):
    nan, inf = math.nan, math.inf
    for name, output in {
        "nan-score": eight((160, 160, 20, 20, nan)), "infinite-score": eight((160, 160, 20, 20, inf)),
        "large-score": eight((160, 160, 20, 20, 7)), "negative-score": eight((160, 160, 20, 20, -3)),
        "nan-box": eight((nan, 160, 20, 20, 0.9)), "infinite-box": eight((160, 160, inf, 20, 0.9)),
        "negative-box": eight((160, 160, -20, 20, 0.9)),
        "flat": numpy.zeros((1, 100), "f4"), "thin": numpy.zeros((1, 3, 100), "f4"),
        "batch": numpy.zeros((2, 5, 100), "f4"), "square": numpy.zeros((1, 6, 6), "f4"),
        "empty": numpy.zeros((1, 5, 0), "f4"), "five": numpy.zeros((1, 1, 1, 5, 100), "f4"),
        "whole": numpy.zeros((1, 5, 100), "i8"), "double": numpy.zeros((1, 5, 100), "f8"),
    }.items():
        constant(f"{folder}/{name}-face.onnx", output)
    constant(f"{folder}/many-face.onnx", crowd(30_000))
    good = eight()
    constant(f"{folder}/eighteen-face.onnx", good, more=17)
    constant(f"{folder}/twice-face.onnx", good, more=1)
    constant(f"{folder}/doubles-in-face.onnx", good, kind=onnx.TensorProto.DOUBLE)
    constant(f"{folder}/two-dimensions-face.onnx", good, shape=(1, 3))
    constant(f"{folder}/grey-face.onnx", good, shape=(1, 1, SIDE, SIDE))
    constant(f"{folder}/wide-face.onnx", good, shape=(1, 3, SIDE, 100_000))
    constant(f"{folder}/nameless.onnx", good)
    graph = Graph()
    graph.add("Identity", graph.constant(good), name="out")
    graph.save(f"{folder}/two-inputs-face.onnx", [("a", FLOAT, [1, 3, 8, 8]), ("b", FLOAT, [1, 3, 8, 8])],
               [("out", FLOAT, None)])
    graph = Graph()
    graph.add("SequenceConstruct", graph.constant(good), name="out")
    model = onnx.helper.make_graph(
        graph.nodes, "sequence", [onnx.helper.make_tensor_value_info("images", FLOAT, [1, 3, SIDE, SIDE])],
        [onnx.helper.make_tensor_sequence_value_info("out", FLOAT, None)], graph.values)
    onnx.save(onnx.helper.make_model(model, ir_version=8, opset_imports=[onnx.helper.make_opsetid("", 17)]),
              f"{folder}/sequence-face.onnx")
    large(f"{folder}/large-face.onnx")
    endless(f"{folder}/endless-face.onnx")
    with open(f"{folder}/text-face.onnx", "wb") as file:
        file.write(b"this is no network")
    open(f"{folder}/nothing-face.onnx", "wb").close()
    cut = open(f"{folder}/twice-face.onnx", "rb").read()
    with open(f"{folder}/cut-face.onnx", "wb") as file:
        file.write(cut[:len(cut) // 2])


def crowd(count):
    output = numpy.zeros((1, 5, count), "f4")
    output[0, 0], output[0, 1] = numpy.arange(count) % 300, numpy.arange(count) // 300 * 3
    output[0, 2:4], output[0, 4] = 1, 0.9
    return output


def large(path):
    """A tensor of 400 GB, whose size depends on the input so that nobody knows it before."""
    graph = Graph()
    size = graph.add("Shape", "images")
    sides = graph.add("Mul", size, graph.constant(numpy.array([1, 1_000, 1_000, 100], "i8")))
    one = graph.add("ReduceMax", "images", keepdims=1)
    graph.add("Expand", one, sides, name="out")
    graph.save(path, [("images", FLOAT, [1, 3, "height", "width"])], [("out", FLOAT, None)])


def endless(path):
    """A loop of 2^62 rounds."""
    inner = Graph()
    inner.add("Identity", "go", name="go_on")
    inner.add("Add", "state", inner.constant(numpy.float32(1)), name="next")
    body = onnx.helper.make_graph(
        inner.nodes, "body",
        [onnx.helper.make_tensor_value_info("round", onnx.TensorProto.INT64, []),
         onnx.helper.make_tensor_value_info("go", onnx.TensorProto.BOOL, []),
         onnx.helper.make_tensor_value_info("state", FLOAT, [])],
        [onnx.helper.make_tensor_value_info("go_on", onnx.TensorProto.BOOL, []),
         onnx.helper.make_tensor_value_info("next", FLOAT, [])], inner.values)
    graph = Graph()
    first = graph.add("ReduceMax", "images", keepdims=0)
    graph.add("Loop", graph.constant(numpy.int64(2 ** 62)), graph.constant(numpy.array(True)), first, name="out",
              body=body)
    graph.save(path, [("images", FLOAT, [1, 3, SIDE, SIDE])], [("out", FLOAT, None)])


def make(folder):
    os.makedirs(f"{folder}/hostile", exist_ok=True)
    yolo(f"{folder}/v8-face.onnx", "yolov8", ["face"])
    yolo(f"{folder}/v8-wide-face.onnx", "yolov8", ["face"], side=640)
    yolo(f"{folder}/v8-any-face.onnx", "yolov8", ["face"], side=640, dynamic=True)
    yolo(f"{folder}/v8-points-face.onnx", "yolov8", ["face"], points=15)
    yolo(f"{folder}/v8-plate.onnx", "yolov8", ["plate"])
    yolo(f"{folder}/v8-both.onnx", "yolov8", ["plate", "face"])
    yolo(f"{folder}/v5-face.onnx", "yolov5", ["face"])
    yolo(f"{folder}/v5-both.onnx", "yolov5", ["plate", "face"])
    yolo(f"{folder}/v5-points-face.onnx", "yolov5", ["face"], points=10)
    yunet(f"{folder}/yunet.onnx")
    scrfd(f"{folder}/scrfd.onnx")
    hostile(f"{folder}/hostile")
    print(glob.glob(os.path.join(os.path.dirname(onnxruntime.__file__), "capi", "libonnxruntime.so.*"))[0])


# What is done to pixels for each layout: order, mean, deviation, fill, whether in the middle, threshold, overlap.
LAYOUTS = {
    "yolov8": ("rgb", 0, 255, 114, True, 0.25, 0.45), "yolov5": ("rgb", 0, 255, 114, True, 0.25, 0.45),
    "yunet": ("bgr", 0, 1, 0, False, 0.5, 0.3), "scrfd": ("rgb", 127.5, 128, 0, False, 0.5, 0.4),
}


def letterbox(image, side, fill, is_centred):
    height, width = image.shape[:2]
    scale = min(side / width, side / height)
    inner = (max(1, round(width * scale)), max(1, round(height * scale)))
    how = cv2.INTER_AREA if scale < 1 else cv2.INTER_LINEAR
    canvas = numpy.full((side, side, 3), fill, "u1")
    left, top = ((side - inner[0]) // 2, (side - inner[1]) // 2) if is_centred else (0, 0)
    canvas[top:top + inner[1], left:left + inner[0]] = cv2.resize(image, inner, interpolation=how)
    return canvas, (width / inner[0], height / inner[1], left, top)


def decode(layout, outputs, side, kinds):
    """Scores for each kind, and boxes as left, top, right, bottom."""
    if layout in ("yolov8", "yolov5"):
        rows = outputs[0][0].T if layout == "yolov8" else outputs[0][0]
        x, y, width, height = rows[:, :4].T
        boxes = numpy.stack([x - width / 2, y - height / 2, x + width / 2, y + height / 2], 1)
        if layout == "yolov8":
            return {kind: rows[:, 4 + at] for at, kind in enumerate(kinds)}, boxes
        first = rows.shape[1] - len(kinds)
        return {kind: rows[:, 4] * rows[:, first + at] for at, kind in enumerate(kinds)}, boxes
    scores, boxes = [], []
    for at, stride in enumerate(STRIDES):
        left, top = cells(side, stride)
        if layout == "yunet":
            cls, obj, box = (outputs[kind * 3 + at][0] for kind in range(3))
            scores.append(numpy.sqrt(cls[:, 0] * obj[:, 0]))
            x, y = left + box[:, 0] * stride, top + box[:, 1] * stride
            width, height = numpy.exp(box[:, 2]) * stride, numpy.exp(box[:, 3]) * stride
            boxes.append(numpy.stack([x - width / 2, y - height / 2, x + width / 2, y + height / 2], 1))
        else:
            value, box = outputs[at], outputs[3 + at] * stride
            left, top = numpy.repeat(left, 2), numpy.repeat(top, 2)
            scores.append(value[:, 0])
            boxes.append(numpy.stack([left - box[:, 0], top - box[:, 1], left + box[:, 2], top + box[:, 3]], 1))
    return {"face": numpy.concatenate(scores)}, numpy.concatenate(boxes)


def find(layout, path, files):
    session = onnxruntime.InferenceSession(path, providers=["CPUExecutionProvider"])
    for file in files:
        name = os.path.basename(file)
        width, height = (int(side) for side in name.split(".")[0].split("x"))
        find_in(layout, path, session, numpy.fromfile(file, "u1").reshape(height, width, 3), name)


def find_in(layout, path, session, image, name):
    order, mean, deviation, fill, is_centred, threshold, overlap = LAYOUTS[layout]
    side = session.get_inputs()[0].shape[3]
    side = side if isinstance(side, int) else 640
    canvas, (across, down, left, top) = letterbox(image, side, fill, is_centred)
    pixels = canvas if order == "rgb" else canvas[:, :, ::-1]
    blob = ((pixels.astype("f4") - mean) / deviation).transpose(2, 0, 1)[None]
    outputs = session.run(None, {"images": numpy.ascontiguousarray(blob, "f4")})
    kinds = ["plate", "face"] if "both" in path else ["plate"] if "plate" in path else ["face"]
    scores, boxes = decode(layout, outputs, side, kinds)
    for kind, values in scores.items():
        sides = numpy.concatenate([boxes[:, :2], boxes[:, 2:] - boxes[:, :2]], 1)
        for index in cv2.dnn.NMSBoxes(sides.tolist(), values.tolist(), threshold, overlap):
            x1, y1, x2, y2 = boxes[index]
            x1, x2 = ((min(max((x - left) * across, 0), image.shape[1])) for x in (x1, x2))
            y1, y2 = ((min(max((y - top) * down, 0), image.shape[0])) for y in (y1, y2))
            x1, y1, x2, y2 = math.floor(x1), math.floor(y1), math.ceil(x2), math.ceil(y2)
            print(name, kind, x1, y1, x2 - x1, y2 - y1, values[index])


if sys.argv[1] == "make":
    make(sys.argv[2])
else:
    find(sys.argv[2], sys.argv[3], sys.argv[4:])
