import type { CallKernel } from '../call-kernel.js'
import { add, constant, load, local, multiply, store } from './memory-text.js'
import { type Place, printRuns, type RunShape } from './runs.js'

/**
 * Running sums and products along an axis, and the adjoint of products. All work on `[outer, length, inner]`;
 * settings: outer, length, inner, 1 to leave out the element itself, 1 to run from the end. Both forms agree to the last bit.
 */

const shapeOf = ([outer, length, inner]: readonly number[]): RunShape => ({ outer, length, inner })

const cumulate = (identity: number, combine: (total: number, next: number) => number, print: typeof add): CallKernel => ({
  javascript: (memory, [source], [out], [outer, length, inner, isExclusive, isReversed]) => {
    for (let o = 0; o < outer; o++)
      for (let k = 0; k < inner; k++) {
        let total = identity
        for (let step = 0; step < length; step++) {
          const index = (o * length + (isReversed ? length - 1 - step : step)) * inner + k
          const next = combine(total, memory[source + index])
          memory[out + index] = isExclusive ? total : next
          total = next
        }
      }
  },
  webAssembly(printer, { operands: [source], results: [out], settings }) {
    const [isExclusive, isReversed] = settings.slice(3).map((setting) => setting === 1)
    printRuns(printer, shapeOf(settings), {
      isReversed,
      begin: ({ total, width }) => printer.set(total, width, constant(width, identity)),
      step({ total, width }, place) {
        const put = () => printer.line(store(width, out + place.offset, place.address, local(total)))
        const next = print(width, local(total), load(width, source + place.offset, place.address))
        if (isExclusive) put()
        printer.set(total, width, next)
        if (!isExclusive) put()
      },
    })
  },
})

export const cumulativeSum = cumulate(0, (total, next) => total + next, add)
export const cumulativeProduct = cumulate(1, (total, next) => total * next, multiply)

/**
 * Adjoint of running products: element k gets the product of those before it times h_k, where h runs backwards by h_k = dy_k + x_k+1 h_k+1, or
 * h_k = dy_k+1 + x_k+1 h_k+1 when the element itself is left out. Nothing is divided, so zeros do no harm. Operands: dy and x.
 */
export const cumulativeProductGradient: CallKernel = {
  javascript: (memory, [dy, x], [out], [outer, length, inner, isExclusive, isReversed]) => {
    const stride = isReversed ? -inner : inner
    for (let o = 0; o < outer; o++)
      for (let k = 0; k < inner; k++) {
        const first = (o * length + (isReversed ? length - 1 : 0)) * inner + k
        let before = 1
        for (let step = 0; step < length; step++) {
          const index = first + step * stride
          memory[out + index] = before
          before *= memory[x + index]
        }
        let after = 0
        for (let step = length - 1; step >= 0; step--) {
          const index = first + step * stride
          const slope = memory[dy + index]
          const total = isExclusive ? after : slope + after
          memory[out + index] *= total
          after = memory[x + index] * total
          if (isExclusive) after += slope
        }
      }
  },
  webAssembly(printer, { operands: [dy, x], results: [out], settings }) {
    const [isExclusive, isReversed] = settings.slice(3).map((setting) => setting === 1)
    const shape = shapeOf(settings)
    const read = (offset: number, width: 'f64' | 'v128', place: Place) => load(width, offset + place.offset, place.address)
    const write = (width: 'f64' | 'v128', place: Place, value: string) =>
      printer.line(store(width, out + place.offset, place.address, value))
    printRuns(printer, shape, {
      isReversed,
      begin: ({ total, width }) => printer.set(total, width, constant(width, 1)),
      step({ total, width }, place) {
        write(width, place, local(total))
        printer.set(total, width, multiply(width, local(total), read(x, width, place)))
      },
    })
    printRuns(printer, shape, {
      isReversed: !isReversed,
      begin: ({ total, width }) => printer.set(total, width, constant(width, 0)),
      step({ total, width }, place) {
        const slope = read(dy, width, place)
        if (!isExclusive) printer.set(total, width, add(width, slope, local(total)))
        write(width, place, multiply(width, read(out, width, place), local(total)))
        const next = multiply(width, read(x, width, place), local(total))
        printer.set(total, width, isExclusive ? add(width, next, slope) : next)
      },
    })
  },
}
