"""Reference values of the WebAssembly math functions, one JSON file per function.

    python3 make-reference.py [folder [multiple of the committed number of points [function ...]]]

The committed files were made with mpmath 1.3.0 at 60 digits (400 for sine and cosine of large numbers) and Python's random.Random(1). Each
file holds three arrays: x, the correctly rounded value, and what that lacks of the true value in units of its last place (2^-1074 for
subnormal values); for functions of two numbers a fourth one, y.
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
    "arctangent": (mp.atan, [magnitude(TINY, HUGE, 0), magnitude(1e-8, 100, 0), uniform(-3, 3), uniform(0, 1)]),
    "cosine": (mp.cos, [magnitude(1e-10, HUGE, 0), uniform(-10, 10), magnitude(1, 1e6, 0), magnitude(1e5, 1e22, 0)]),
    "exponentialLinear": (lambda x: x if x > 0 else mp.expm1(x), [uniform(-40, 10), uniform(-1, 1)]),
    "hyperbolicCosine": (mp.cosh, [magnitude(1e-10, 710.4, 0), uniform(-2, 2), uniform(-40, 40), uniform(709, 710.47)]),
    "hyperbolicSine": (mp.sinh, [magnitude(TINY, 710.4, 0), uniform(-2, 2), uniform(-40, 40), uniform(709, 710.47)]),
    "inverseHyperbolicTangent": (mp.atanh, [magnitude(TINY, 0.99, 0), uniform(-1, 1), magnitude(1e-15, 0.5, -1, 1)]),
    "inverseMillsRatio": (
        lambda x: mp.npdf(x) / normal_cdf(x),
        [magnitude(1e-18, 37, 0), uniform(-60, 0), uniform(-2, 9), magnitude(38, 1000, -1)],
    ),
    "logNormalCdf": (
        lambda x: mp.log1p(-normal_cdf(-x)) if x > 0 else mp.log(normal_cdf(x)),
        [magnitude(1e-18, 37, 0), uniform(-60, 0), uniform(-2, 9), magnitude(38, 1000, -1)],
    ),
    "logOneMinusExp": (
        lambda x: mp.log(-mp.expm1(x)) if x > -1 else mp.log1p(-mp.exp(x)),
        [magnitude(1e-300, 700, -1), uniform(-2, 0), uniform(-0.8, -0.6)],
    ),
    "normalCdf": (lambda x: normal_cdf(x), [magnitude(1e-18, 38, 0), uniform(-38.5, 0), uniform(-2, 9)]),
    "scaledExponentialLinear": (
        lambda x: SELU_SCALE * (x if x > 0 else SELU_ALPHA * mp.expm1(x)),
        [uniform(-40, 10), uniform(-1, 1)],
    ),
    "sine": (mp.sin, [magnitude(TINY, HUGE, 0), uniform(-10, 10), magnitude(1, 1e6, 0), magnitude(1e5, 1e22, 0)]),
    "trigamma": (lambda x: mp.polygamma(1, x), [magnitude(1e-150, 1e300), uniform(0.01, 4), uniform(2, 20), magnitude(1e-6, 1e6)]),
}
DIGITS = {"sine": 400, "cosine": 400}
# Points per draw: more for the functions that most models use.
FEWER_POINTS = set(list(FUNCTIONS)[list(FUNCTIONS).index("arctangent"):])
SELU_SCALE, SELU_ALPHA = mp.mpf("1.0507009873554804934193349852946"), mp.mpf("1.6732632423543772848170429916717")


def normal_cdf(x):
    return mp.erfc(-x / mp.sqrt(2)) / 2


def powers(source):
    """A base and an exponent whose power is a number."""
    base = magnitude(TINY, HUGE)(source) if source.random() < 0.5 else magnitude(1e-12, 0.3, 0, 1)(source)
    return base, source.uniform(-745, 709.7) / math.log(base)


FUNCTIONS_OF_TWO = {
    "logAddExp": (
        lambda x, y: mp.log(mp.exp(x) + mp.exp(y)),
        # Not where exp(x) + exp(y) is about 1: the result, nearly 0, then has the absolute accuracy of x and y.
        [lambda source: (source.uniform(0, 50), source.uniform(-50, 50)), lambda source: (source.uniform(-700, -5), source.uniform(-700, -5))],
    ),
    "power": (
        mp.power,
        [powers, lambda source: (magnitude(0.01, 100)(source), source.uniform(-20, 20)), lambda source: (source.uniform(0, 10), source.uniform(-3, 3))],
    ),
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
        -708.9374173809227, -708.7700436720057, -708.5439632280447, -708.7449383120974,
        -708.4165796478544, -708.8601653384248, -709.0894774307723, -708.8764441018358,
    ],
    "exponentialMinusOne": [
        0.40119441855158283, 0.4009494504757853, 0.40153254437808716, 0.3835239928460242,
        0.3930253015552114, 0.39448273222846575, 0.4002957869857046, 0.3658280001895894,
    ],
    "hyperbolicTangent": [
        -0.016558470255332223, -0.021184652505501278, 0.015686419559027387, 0.021006471810686378,
        -0.0186309375117818, -0.022791319590524932, -0.021585187049191337, -0.0228066677743308,
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
        -708.8204877965477, -708.622107957741, -708.4233006323847, -708.5723323473878,
        -708.5130766197008, -709.0445859978267, -708.4385347340441, -708.6663926169041,
    ],
    "softplus": [
        -708.8204877965477, -708.622107957741, -708.4233006323847, -708.5723323473878,
        -708.5130766197008, -709.0445859978267, -708.4385347340441, -708.6663926169041,
    ],
    "arctangent": [
        0.7049689967525895, 0.6999468432647503, 0.7761226632235746, 0.755235065015942,
        0.6853139976872209, -0.6767795694446231, 0.6846518200658618, 0.7689259230511466,
    ],
    "cosine": [
        2.267013108365508e+281, -10045811.921361126, -0.7937952434510382, -5.376092552960517e16,
        2.404572517558485, 1.5707963267948966, 10.995574287564276, 5.319372648326541e+255,
    ],
    "hyperbolicCosine": [
        -4.393335143879419e-06, -5.586938677560148e-07, -1.9703515729483098e-08, 7.909383481433018e-06,
        -0.0010137679902090903, 3.62025458280752e-07, -3.729946758599213e-05, 6.526391052249192e-07,
    ],
    "hyperbolicSine": [
        0.8750379537257651, 0.8080231226645898, 0.8330575862563889, 0.8287282588468536,
        0.8392454375402347, 0.8677291164535326, 0.8348861631346174, 0.8375109217567911,
    ],
    "inverseHyperbolicTangent": [
        0.7240936503343214, 0.7588079183178136, 0.7302867887318385, 0.7102925715363537,
        -0.6856119134044514, 0.708743327443538, 0.45829794953410485, 0.7010710559806393,
    ],
    "inverseMillsRatio": [
        3.7413688456238e-09, 7.371274280333756e-15, 9.191276117806334e-12, 1.9281380707948646e-12,
        8.762202723362273e-15, 2.6991087206645304e-11, 7.364433585740326e-15, 7.6945766118347e-14,
    ],
    "logNormalCdf": [
        0.8067452279517604, 0.8211200412887191, 0.8964676583303417, 0.47550545642581077,
        0.7860958642856257, 0.8082324747121654, 0.30276999458889803, 0.940122311370374,
    ],
    "logOneMinusExp": [
        -1.1997851183071833, -1.201638029870184, -1.205683882763041, -1.2162908656663496,
        -1.2215003984730897, -1.0848775700599886, -1.1411438085460248, -1.0297853187814001,
    ],
    "normalCdf": [
        -0.7105435132690676, -0.7707759621965149, -0.719293473221978, -0.7508257299956353,
        -0.7194167634300959, -0.7384693159494926, -0.8250609272169851, -0.7188196335325694,
    ],
    "sine": [
        -63.69196688790562, -2.3311318132616483, 4.003878674175273, -777509037.617418,
        0.8425206053797604, 3.141592653589793, 160000.0, 5.319372648326541e+255,
    ],
    "trigamma": [
        0.6148447076219934, 3.214952065210325, 3.0074794746797084, 2.8178512297099787,
        0.3859680652222756, 0.20509974152115626, 5.837318286236039e-129, 2.490651479353447,
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
    points = [point if isinstance(point, tuple) else (point,) for point in points if point != 0]
    values = [rounded(function(*map(mp.mpf, point))) for point in points]
    arguments = {name: [point[index] for point in points] for index, name in enumerate("xy"[: len(points[0])])}
    return {**arguments, "value": [value for value, _ in values], "fraction": [fraction for _, fraction in values]}


if __name__ == "__main__":
    folder = sys.argv[1] if len(sys.argv) > 1 else "."
    multiple = int(sys.argv[2]) if len(sys.argv) > 2 else 1
    for name, (function, draws) in {**FUNCTIONS, **FUNCTIONS_OF_TWO}.items():
        if len(sys.argv) > 3 and name not in sys.argv[3:]:
            continue
        mp.dps = DIGITS.get(name, 60)
        count = 60 if name in FEWER_POINTS or name in FUNCTIONS_OF_TWO else 280
        kebab = re.sub("([A-Z])", lambda capital: "-" + capital.group(1).lower(), name)
        with open(f"{folder}/{kebab}.json", "w") as file:
            json.dump(table(function, draws, count * multiple, HARD.get(name, ())), file, separators=(",", ":"))
            file.write("\n")
