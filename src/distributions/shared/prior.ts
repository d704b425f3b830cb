/** From what a family file says to a `Prior` of the contract. */
import type { Tensor } from '@tensorflow/tfjs'
import type { Distribution, Prior, PriorArgument, PriorOptions } from '../../contract/distribution.js'
import type { Stream } from '../../contract/stream.js'
import { UsageError } from '../../errors/usage-error.js'
import type { Argument } from './arithmetic.js'
import { checkArguments, type Domain } from './check-arguments.js'

/** A univariate family: elements of a parameter are independent given the arguments. */
export interface Family {
  readonly name: string
  readonly argumentNames: readonly string[]
  /** One per argument. */
  readonly domains: readonly Domain[]
  /**
   * True for a location-scale family on the whole real line, whose last two arguments are then the location and the scale: only these may be
   * sampled non-centred.
   */
  readonly isLocationScale?: boolean
  readonly support: Distribution['support']
  logProbability(value: Tensor, ...values: Argument[]): Tensor
  draw(stream: Stream, ...values: number[]): number
}

/**
 * A prior of that family. Arguments given as plain numbers enter the log density as numbers, whatever tensors are passed for them later, apart
 * from a location and a scale, which a non-centred parameter replaces by 0 and 1.
 * @throws UsageError when a number is outside its domain, or when a family without location and scale is to be non-centred.
 */
export function univariatePrior(family: Family, values: readonly PriorArgument[], options: PriorOptions = {}): Prior {
  const { name, argumentNames, support } = family
  checkArguments(name, argumentNames, family.domains, values)
  const fixedCount = family.isLocationScale ? values.length - 2 : values.length
  const distribution: Distribution = {
    name,
    argumentNames,
    isProper: true,
    support,
    logProbability: (value, tensors) =>
      family.logProbability(
        value,
        ...values.map((given, i) => (i < fixedCount && typeof given === 'number' ? given : tensors[i])),
      ),
    draw: (stream, shape, argumentValues) => {
      const draws = new Float64Array(shape.reduce((product, length) => product * length, 1))
      checkLengths(name, argumentNames, argumentValues, draws.length)
      return draws.map((_, i) => family.draw(stream, ...argumentValues.map((each) => (each.length === 1 ? each[0] : each[i]))))
    },
  }
  return prior(distribution, values, options, family.isLocationScale === true)
}

/** @throws UsageError when the parameter is to be non-centred and cannot be. */
export function prior(
  distribution: Distribution,
  values: readonly PriorArgument[],
  options: PriorOptions = {},
  isLocationScale = false,
): Prior {
  const nonCentered = options.nonCentered === true
  if (nonCentered && !isLocationScale)
    throw new UsageError({
      problem: `a parameter with the prior ${distribution.name} cannot be non-centred`,
      reason: 'location + scale * z needs a location-scale family on the whole real line',
      remedy: 'Leave out nonCentered, or use normal, studentT, cauchy or laplace.',
    })
  return { distribution, arguments: values, shape: options.shape ?? [], nonCentered }
}

function checkLengths(name: string, argumentNames: readonly string[], values: readonly Float64Array[], count: number): void {
  const wrong = values.findIndex((each) => each.length !== 1 && each.length !== count)
  if (wrong < 0) return
  throw new UsageError({
    problem: `${argumentNames[wrong]} of ${name} has ${values[wrong].length} values for a parameter of ${count}`,
    remedy: 'Give one value, or one for each element of the parameter.',
  })
}
