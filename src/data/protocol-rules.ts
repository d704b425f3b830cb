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
    if (!range || range[0] < range[1]) return []
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

/** Indices of the values that stand earlier in the list too. */
function repeats(values: readonly string[]): number[] {
  return values.flatMap((value, index) => (values.indexOf(value) < index ? [index] : []))
}
