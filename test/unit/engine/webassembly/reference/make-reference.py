"""Reference values of the WebAssembly math functions, one JSON file per function.

    python3 make-reference.py [folder [multiple of the committed number of points [function ...]]]

The committed files were made with mpmath 1.3.0 at 60 digits and Python's random.Random(1). Each file holds three arrays:
x, the correctly rounded value, and what that lacks of the true value in units of its last place (2^-1074 for subnormal values).
"""
import json
import re
import math
import random
import sys

from mpmath import mp

mp.dps = 60


def uniform(low, high):
    return lambda source: source.uniform(low, high)


def magnitude(low, high, sign=1, centre=0):
    """Centre plus or minus (sign 0: either) a magnitude with uniform logarithm."""

    def draw(source):
        size = math.exp(source.uniform(math.log(low), math.log(high)))
        size = max(low, min(size * (1 + source.random() * 2**-20), high))
        return centre + (sign or source.choice([-1, 1])) * size

    return draw


TINY, HUGE = 5e-324, 1.7e308
FUNCTIONS = {
    "exponential": (mp.exp, [magnitude(1e-20, 709, 0), uniform(-1, 1), uniform(-50, 50), uniform(-745.2, -707), uniform(700, 709.782)]),
    "exponentialMinusOne": (mp.expm1, [magnitude(TINY, 709, 0), magnitude(1e-10, 40, 0), uniform(-2, 2), uniform(0.3, 0.5), uniform(-45, -30)]),
    "logarithm": (mp.log, [magnitude(TINY, HUGE), uniform(0.5, 2), magnitude(1e-15, 0.4, 0, 1), uniform(0.7, 0.72), uniform(1.4, 1.43)]),
    "logarithmOnePlus": (
        mp.log1p,
        [magnitude(TINY, 0.99, 0), magnitude(1, HUGE), magnitude(1e-16, 0.9, 1, -1), uniform(-0.9, 3), magnitude(1e-10, 1e10)],
    ),
    "hyperbolicTangent": (mp.tanh, [magnitude(TINY, 25, 0), magnitude(1e-9, 25, 0), uniform(-1, 1), uniform(-4, 4), uniform(15, 23)]),
    "sigmoid": (
        lambda x: 1 / (1 + mp.exp(-x)),
        [magnitude(1e-20, 745, 0), uniform(-3, 3), uniform(-50, 50), uniform(-745.2, -700), uniform(-40, -30)],
    ),
    "softplus": (
        lambda x: mp.log1p(mp.exp(x)),
        [magnitude(1e-20, 745, 0), uniform(-3, 3), uniform(-50, 50), uniform(-745.2, -700), uniform(30, 45)],
    ),
    "errorFunction": (mp.erf, [magnitude(TINY, 6.5, 0), magnitude(1e-6, 6.5, 0), uniform(-1, 1), uniform(-6.5, 6.5), uniform(0.8, 3)]),
    "errorFunctionComplement": (
        mp.erfc,
        [magnitude(1e-18, 27.2, 0), uniform(-6.5, 27.2), uniform(-1, 1), uniform(0.8, 4), uniform(26, 27.22)],
    ),
    "logGamma": (
        mp.loggamma,
        [magnitude(TINY, 2.5e305), uniform(0.01, 4), uniform(2, 20), uniform(10, 200), magnitude(1e-9, 0.5, 0, 1), magnitude(1e-9, 0.5, 0, 2)],
    ),
    "digamma": (mp.digamma, [magnitude(1e-300, 1e300), uniform(0.01, 4), uniform(2, 20), uniform(1.3, 1.6), magnitude(1e-6, 1e6)]),
}

# The worst points of this implementation among 115,000 or more per function, drawn as above and densely where errors were largest.
HARD = {
    "digamma": [
        5.626093788448222, 5.365196928336919, 5.354922915267283, 5.637599050757579,
        5.53926366774223, 5.430411387281219, 5.036465939603241, 5.419452849656424,
    ],
    "errorFunction": [
        -4.833851979859484e-308, 0.5056923699979505, 0.5153213177262523, 0.5127129867051512,
        0.05365836030549361, 0.5135208027638594, 0.01316799547277258, 0.5705722806890614,
    ],
    "errorFunctionComplement": [
        0.5071068803078165, 0.5013719152809821, 0.5016153422992391, 0.5173971569180906,
        0.5012052889738958, 0.53159243395616, 0.5166617236566913, 0.5190636742297963,
    ],
    "exponential": [
        -708.7455464441774, -708.745729280127, -708.7833014859542, -708.8103805279756,
        -708.770838069971, -708.7558721229635, -708.7681437069461, -708.7638039304472,
    ],
    "exponentialMinusOne": [
        0.40119441855158283, 0.4009494504757853, 0.40153254437808716, 0.3835239928460242,
        0.3930253015552114, 0.39448273222846575, 0.4002957869857046, 0.3658280001895894,
    ],
    "hyperbolicTangent": [
        0.16632325725787375, 0.12508107243840635, 0.17308453776038005, 0.1988858849529329,
        0.12484483286313144, -0.12402645797435308, 0.18105435014112184, 0.20058456954464668,
    ],
    "logarithm": [
        1.4065851292906608, 0.7011045838864821, 0.704703208952269, 1.4066852687018165,
        0.7022379893681424, 0.703525620593375, 0.7061461290645978, 0.7046866229786225,
    ],
    "logarithmOnePlus": [
        0.40109833992307886, 0.4141005479754772, -0.29751817789535606, 0.4038314654977572,
        -0.2956670191255438, 0.40911682000207084, 0.40800517505463973, -0.29898907076910036,
    ],
    "logGamma": [
        1.4921782377720059, 1.5370653408636987, 1.510463827372185, 1.41249218099274,
        1.5281079359068346, 1.4824217096629497, 1.5128180595900516, 1.5447190131288346,
    ],
    "sigmoid": [
        -708.7455464441774, -708.745729280127, -708.7833014859542, -708.8103805279756,
        -708.770838069971, -708.7558721229635, -708.7681437069461, -708.7638039304472,
    ],
    "softplus": [
        -0.9226843447375002, -707.2516169643065, -707.3199479922065, -707.4180555464765,
        -708.7457244708867, -707.3873188264572, -707.382457970805, -708.6738052605987,
    ],
}


def rounded(value):
    """The nearest double and the rest in units of its last place."""
    exponent = max(mp.frexp(value)[1] - 53, -1074)
    steps = mp.ldexp(value, -exponent)
    nearest = mp.nint(steps)
    return math.ldexp(int(nearest), exponent), round(float(steps - nearest), 4)


def table(function, draws, count, hard=()):
    source = random.Random(1)
    points = sorted({draw(source) for draw in draws for _ in range(count)} | set(hard))
    points = [x for x in points if x != 0]
    values = [rounded(function(mp.mpf(x))) for x in points]
    return {"x": points, "value": [value for value, _ in values], "fraction": [fraction for _, fraction in values]}


if __name__ == "__main__":
    folder = sys.argv[1] if len(sys.argv) > 1 else "."
    multiple = int(sys.argv[2]) if len(sys.argv) > 2 else 1
    for name, (function, draws) in FUNCTIONS.items():
        if len(sys.argv) > 3 and name not in sys.argv[3:]:
            continue
        kebab = re.sub("([A-Z])", lambda capital: "-" + capital.group(1).lower(), name)
        with open(f"{folder}/{kebab}.json", "w") as file:
            json.dump(table(function, draws, 280 * multiple, HARD[name]), file, separators=(",", ":"))
            file.write("\n")
