import { readCovariateValue } from './covariate-value.js'
import { didYouMean } from './nearest-name.js'
import type { Covariate, Protocol } from './protocol-fields.js'
import { isOutsideRange, rangeText } from './range-flags.js'

/** A contradiction between fields of a protocol. */
export interface BrokenRule {
  readonly path: readonly (string | number)[]
  /** Problem and remedy, two sentences. */
  readonly message: string
}

/** Everything in which a protocol contradicts itself; empty when nothing. */
export function brokenRules(protocol: Protocol): BrokenRule[] {
  return [
    ...treatmentRules(protocol),
    ...nameRules(protocol),
    ...columnRules(protocol),
    ...protocol.covariates.flatMap((covariate, index) => covariateRules(covariate, index, protocol.data.missing)),
    ...valueRules(protocol.referencePatient.covariates, protocol, ['referencePatient', 'covariates']),
    ...protocol.profiles.flatMap((profile, index) => valueRules(profile.covariates, protocol, ['profiles', index, 'covariates'])),
    ...inferenceRules(protocol),
    ...repeats(protocol.profiles.map((profile) => profile.name)).map((index) => ({
      path: ['profiles', index, 'name'],
      message: `a second profile is called "${protocol.profiles[index].name}". Give every profile its own name.`,
    })),
  ]
}

function treatmentRules({ data }: Protocol): BrokenRule[] {
  const { control, treated } = data.treatment
  const path = ['data', 'treatment']
  if (control === treated)
    return [{ path: [...path, 'treated'], message: `control and treated are both "${control}". Give each arm its own label.` }]
  return (['control', 'treated'] as const)
    .filter((arm) => data.missing.includes(data.treatment[arm]))
    .map((arm) => missingClash([...path, arm], data.treatment[arm]))
}

function nameRules({ covariates }: Protocol): BrokenRule[] {
  const names = covariates.map((covariate) => covariate.name)
  const rules: BrokenRule[] = repeats(names).map((index) => ({
    path: ['covariates', index, 'name'],
    message: `a second covariate is called "${names[index]}". Give every covariate its own name.`,
  }))
  names.forEach((name, index) => {
    if (name === 'treatment' || /[[\],:=]|^\s|\s$/.test(name))
      rules.push({
        path: ['covariates', index, 'name'],
        message: `"${name}" would make the names of coefficients ambiguous. Choose another name, not "treatment" and without [ ] , : = or outer spaces, and give the column as \`column\`.`,
      })
  })
  if (!covariates.some((covariate) => covariate.role !== 'prognostic'))
    rules.push({
      path: ['covariates'],
      message:
        'no covariate modifies the treatment effect, so every patient would get the same one. Give at least one the role modifier or both.',
    })
  return rules
}

function columnRules({ data, outcome, covariates }: Protocol): BrokenRule[] {
  const taken = new Map([
    [data.study, 'the study'],
    [data.treatment.column, 'the treatment'],
    [outcome.column, 'the outcome'],
  ])
  if (data.patient !== undefined) taken.set(data.patient, 'the patient identifier')
  return covariates.flatMap(({ name, column = name }, index) => {
    const user = taken.get(column)
    taken.set(column, `covariate ${name}`)
    if (user === undefined) return []
    return [
      {
        path: ['covariates', index],
        message: `column "${column}" of covariate ${name} is already ${user}. Use another column, or leave the covariate out.`,
      },
    ]
  })
}

function covariateRules(covariate: Covariate, index: number, missing: readonly string[]): BrokenRule[] {
  const path = ['covariates', index]
  if (covariate.type === 'continuous') {
    const { range, name } = covariate
    if (!range || range[0] < range[1]) return splineRules(covariate, [...path, 'spline', 'knots'])
    return [
      {
        path: [...path, 'range'],
        message: `the range of ${name} runs from ${range[0]} to ${range[1]}. Write the smaller value first.`,
      },
    ]
  }
  const [labels, field] = covariate.type === 'binary' ? [covariate.labels ?? [], 'labels'] : [covariate.levels, 'levels']
  const rules: BrokenRule[] = repeats(labels).map((at) => ({
    path: [...path, field, at],
    message: `"${labels[at]}" is given twice. Name each of the ${field} of ${covariate.name} once.`,
  }))
  labels.forEach((label, at) => {
    if (missing.includes(label)) rules.push(missingClash([...path, field, at], label))
  })
  if (covariate.type === 'categorical' && covariate.reference !== undefined && !labels.includes(covariate.reference))
    rules.push({
      path: [...path, 'reference'],
      message: `the reference "${covariate.reference}" is not a level of ${covariate.name}. Use one of: ${labels.join(', ')}.${didYouMean(covariate.reference, labels)}`,
    })
  return rules
}

/** Harrell 2015, section 2.4.5: with two knots a restricted cubic spline is a straight line. */
const LEAST_KNOTS = 3

function splineRules(
  { name, spline, range }: Extract<Covariate, { type: 'continuous' }>,
  path: readonly (string | number)[],
): BrokenRule[] {
  if (!spline) return []
  const { knots } = spline
  if (knots.length < LEAST_KNOTS)
    return [
      {
        path,
        message: `the spline of ${name} has ${knots.length} knots, and with fewer than ${LEAST_KNOTS} it is a straight line. Give 3 to 5 knots, or leave spline out.`,
      },
    ]
  const unordered = knots.findIndex((knot, index) => index > 0 && knot <= knots[index - 1])
  if (unordered > 0)
    return [
      {
        path: [...path, unordered],
        message: `knot ${knots[unordered]} of ${name} does not lie above the one before it, ${knots[unordered - 1]}. Write the knots in increasing order, each once.`,
      },
    ]
  return knots.flatMap((knot, index) =>
    range && (knot < range[0] || knot > range[1])
      ? [
          {
            path: [...path, index],
            message: `knot ${knot} of ${name} is outside its range ${range[0]} to ${range[1]}, where there are no data to bend the curve. Move the knot, or widen the range.`,
          },
        ]
      : [],
  )
}

function valueRules(
  values: Readonly<Record<string, number | string>>,
  { covariates }: Protocol,
  path: readonly (string | number)[],
): BrokenRule[] {
  const names = covariates.map((covariate) => covariate.name)
  return Object.entries(values).flatMap(([name, value]) => {
    const at = [...path, name]
    const covariate = covariates.find((candidate) => candidate.name === name)
    if (!covariate)
      return [
        { path: at, message: `there is no covariate "${name}". Use one of: ${names.join(', ')}.${didYouMean(name, names)}` },
      ]
    const reading = readCovariateValue(String(value), covariate)
    if ('fault' in reading) return [{ path: at, message: `${reading.fault.message}. ${reading.fault.remedy}` }]
    if (!isOutsideRange(reading.value, covariate)) return []
    return [
      {
        path: at,
        message: `${name} ${value} is outside its range ${rangeText(covariate)}. Change the value, or widen the range.`,
      },
    ]
  })
}

function missingClash(path: readonly (string | number)[], label: string): BrokenRule {
  return {
    path,
    message: `"${label}" also stands in data.missing, so these patients would count as missing. Take it out of data.missing.`,
  }
}

/** Fewer draws than this give no k-hat. */
const LEAST_APPROXIMATE_DRAWS = 10

function inferenceRules({ inference, firstStage }: Protocol): BrokenRule[] {
  const { algorithm, fallback, start, draws } = inference
  if (algorithm === undefined) return []
  const rules: BrokenRule[] = []
  const broken = (field: string, message: string) => rules.push({ path: ['inference', field], message })
  const own = firstStage.algorithm
  if (typeof own === 'string' && own !== 'automatic' && own !== algorithm)
    broken(
      'algorithm',
      `it is ${algorithm}, but firstStage.algorithm is ${own}. Keep one of the two; inference.algorithm serves every model.`,
    )
  if (algorithm === 'nuts' || algorithm === 'hmc') {
    if (fallback !== undefined)
      broken(
        'fallback',
        `there is nothing to fall back from, since ${algorithm} samples. Leave fallback out, or choose an approximation.`,
      )
    return rules
  }
  if (draws !== undefined && draws < LEAST_APPROXIMATE_DRAWS)
    broken('draws', `${draws} draws of an approximation cannot be judged. Give at least ${LEAST_APPROXIMATE_DRAWS}.`)
  if (start === 'zero' && algorithm !== 'laplace')
    broken(
      'start',
      `${algorithm} climbs from several starts to see whether they lead to the same place, and with zero they would all be one. Use uniform or prior.`,
    )
  return rules
}

/** Indices of the values that stand earlier in the list too. */
function repeats(values: readonly string[]): number[] {
  return values.flatMap((value, index) => (values.indexOf(value) < index ? [index] : []))
}
