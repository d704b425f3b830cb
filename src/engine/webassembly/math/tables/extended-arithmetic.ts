/**
 * Numbers of about 106 bits as unevaluated sums of two float64 numbers, to compute tables with (Dekker 1971, doi:10.1007/BF01397083). Sums,
 * products and quotients only, so that the tables are the same on every machine.
 */
export type Extended = readonly [high: number, low: number]

const SPLITTER = 2 ** 27 + 1

export function plus([a, aLow]: Extended, [b, bLow]: Extended): Extended {
  const high = a + b
  const part = high - a
  return normal(high, a - (high - part) + (b - part) + (aLow + bLow))
}

export function times([a, aLow]: Extended, [b, bLow]: Extended): Extended {
  const high = a * b
  const [aUpper, aLower] = halves(a)
  const [bUpper, bLower] = halves(b)
  const error = aUpper * bUpper - high + aUpper * bLower + aLower * bUpper + aLower * bLower
  return normal(high, error + (a * bLow + aLow * b))
}

export function over(a: Extended, b: Extended): Extended {
  const first = a[0] / b[0]
  const rest = plus(a, times(b, [-first, 0]))
  const second = rest[0] / b[0]
  return plus([first, second], [(rest[0] + times(b, [-second, 0])[0]) / b[0], 0])
}

/** exp(x) for |x| < 1/8 or so, by the power series. */
export function exponentialOfSmall(x: Extended): Extended {
  let term: Extended = [1, 0]
  let sum: Extended = [1, 0]
  for (let n = 1; Math.abs(term[0]) > 2 ** -110; n++) {
    term = over(times(term, x), [n, 0])
    sum = plus(sum, term)
  }
  return sum
}

/** log(1 + x) for 0 <= x <= 1, as twice the inverse hyperbolic tangent of x / (2 + x). */
export function logarithmOnePlus(x: Extended): Extended {
  const s = over(x, plus([2, 0], x))
  const square = times(s, s)
  let power = s
  let sum = s
  for (let n = 3; power[0] > 2 ** -110 * s[0]; n += 2) {
    power = times(power, square)
    sum = plus(sum, over(power, [n, 0]))
  }
  return plus(sum, sum)
}

/** `start`, `start` times `factor`, ...: `count` numbers. */
export function powers(factor: Extended, count: number): Extended[] {
  const result: Extended[] = [[1, 0]]
  while (result.length < count) result.push(times(result[result.length - 1], factor))
  return result
}

function normal(high: number, low: number): Extended {
  const sum = high + low
  return [sum, low - (sum - high)]
}

function halves(a: number): Extended {
  const scaled = a * SPLITTER
  const upper = scaled - (scaled - a)
  return [upper, a - upper]
}
