#!/usr/bin/env python3
"""Writes Tests/ApusJSONTests/PythonTable.swift: small documents and what Python's json module makes of them.

    python3 Tests/Oracles/json-table.py > Tests/ApusJSONTests/PythonTable.swift

Where Python is laxer than RFC 8259 (NaN, lone surrogates) or leaves a choice (a key twice, numbers beyond a double),
hooks make it refuse. A row is the document, a space and its value; bytes outside printable ASCII are written %XX. Values:
n t f, i<decimal>, d<bits of the double>, s<UTF-8 in hexadecimal>, [..,..], {key:value,..}, or "refused".
"""
import json
import random
import struct

ROWS = 360
WIDTH = 112


def refuse(_):
    raise ValueError("refused")


def pairs(items):
    if len({key for key, _ in items}) != len(items):
        raise ValueError("a key twice")
    return dict(items)


def double(value):
    if value in (float("inf"), float("-inf")):
        raise ValueError("too large")
    return "d%016x" % struct.unpack(">Q", struct.pack(">d", value))[0]


def integer(text):
    # Only a double holds minus zero.
    return -0.0 if text == "-0" else int(text)


def canonical(value):
    if value is None:
        return "n"
    if value is True:
        return "t"
    if value is False:
        return "f"
    if isinstance(value, int):
        return "i%d" % value if -(2**63) <= value < 2**63 else double(float(value))
    if isinstance(value, float):
        return double(value)
    if isinstance(value, str):
        return "s" + value.encode("utf-8").hex()
    if isinstance(value, list):
        return "[" + ",".join(map(canonical, value)) + "]"
    return "{" + ",".join(canonical(k) + ":" + canonical(v) for k, v in value.items()) + "}"


def verdict(document):
    try:
        text = document.decode("utf-8")
        return canonical(json.loads(text, parse_constant=refuse, object_pairs_hook=pairs, parse_int=integer))
    except (ValueError, OverflowError):
        return "refused"


def number(rng):
    kind = rng.randrange(6)
    if kind == 0:
        return str(rng.randrange(-(10**3), 10**3))
    if kind == 1:
        return str(rng.choice([2**63, 2**64, -(2**63), 2**53]) + rng.randrange(-2, 3))
    if kind == 2:
        return repr(struct.unpack(">d", rng.randbytes(8))[0])
    if kind == 3:
        return "%d.%de%d" % (rng.randrange(-99, 99), rng.randrange(10**9), rng.randrange(-330, 310))
    if kind == 4:
        return "%de%+d" % (rng.randrange(10**rng.randrange(1, 20)), rng.randrange(-30, 30))
    return rng.choice(["-0", "-0.0", "0", "1e400", "-1E-400", "00", "1.", ".5", "-", "+1", "1e", "0x1", "1_0", "NaN"])


def string(rng):
    pieces = ["a", "é", "€", "😀", "\\n", "\\u0041", "\\ud83d\\ude00", "\\/", "/", "\u2028", "b", " ", rng.choice(["\\ud800", "\\x", "\t", "c"]), "\\u00e9"]
    return '"' + "".join(rng.choice(pieces) for _ in range(rng.randrange(5))) + '"'


def value(rng, depth):
    kind = rng.randrange(8 if depth else 5)
    space = rng.choice(["", "", " ", "\n\t", "\r"])
    if kind < 2:
        return number(rng)
    if kind < 4:
        return string(rng)
    if kind == 4:
        return rng.choice(["true", "false", "null", "nul", "True"]) + space
    if kind == 5 or kind == 6:
        return "[" + space + ",".join(value(rng, depth - 1) for _ in range(rng.randrange(4))) + "]"
    members = (string(rng) + space + ":" + space + value(rng, depth - 1) for _ in range(rng.randrange(4)))
    return "{" + ",".join(members) + "}" + space


def mutate(rng, document):
    document = bytearray(document)
    for _ in range(rng.randrange(1, 3)):
        place = rng.randrange(len(document)) if document else 0
        action = rng.randrange(3)
        if action == 0:
            del document[place : place + 1]
        elif action == 1:
            document[place:place] = bytes([rng.choice(b'[]{}",:0-.e\\u \x00\xc0\xed\xa0\x80\xf4\xff')])
        elif document:
            document[place] ^= 1 << rng.randrange(8)
    return bytes(document)


def shown(document):
    return "".join(chr(b) if 32 < b < 127 and b not in b"%#" else "%%%02X" % b for b in document)


def rows():
    rng = random.Random(8259)
    seen = set()
    while len(seen) < ROWS:
        document = value(rng, 3).encode("utf-8")
        if len(seen) % 2:
            document = mutate(rng, document)
        row = shown(document) + "\t" + verdict(document)
        if len(row) <= WIDTH and row not in seen and len(document) > 4:
            seen.add(row)
            yield row


print("// Written by Tests/Oracles/json-table.py: change that and run it again.")
print("enum PythonTable {")
print('  static let text = #"""')
for row in rows():
    print("    " + row.replace("\t", " "))
print('    """#')
print("}")
