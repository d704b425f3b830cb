import { describe, expect, it } from 'vitest'
import { catalog } from '../../../src/catalog.js'
import type { TrialDesign } from '../../../src/contract/trial.js'
import { fit } from '../../../src/fitting/fit.js'
import { drawNormal } from '../../../src/random/normal.js'
import { stream } from '../../../src/random/stream.js'

/** y = 1 + x1 + t (0.5 + x2), x1 prognostic only, x2 both. */
const columns = ['x1', 'x2'].map((name, index) => ({
  name,
  covariate: name,
  centre: 0,
  scale: 1,
  isPrognostic: true,
  isModifier: index === 1,
}))
const COUNT = 80
const ERROR = 0.3
const expectedOutcome = (x1: number, x2: number, treated: number) => 1 + x1 + treated * (0.5 + x2)
function trialOf(): TrialDesign {
  const source = stream(2, 'outcomes')
  const covariates = Float64Array.from({ length: 2 * COUNT }, () => drawNormal(source, 0, 1))
  const treatment = Float64Array.from({ length: COUNT }, (_, patient) => Number(patient % 3 === 0))
  return {
    study: 'A',
    columns,
    covariates,
    treatment,
    outcome: treatment.map((arm, patient) =>
      drawNormal(source, expectedOutcome(covariates[2 * patient], covariates[2 * patient + 1], arm), ERROR),
    ),
    patientIds: Array.from(treatment, (_, patient) => String(patient)),
  }
}
const trial = trialOf()
const people = Float64Array.of(0.5, -0.5, -1, 1, 0, 0)
const mean = (values: Float64Array, count: number, person: number) => {
  let sum = 0
  for (let at = person; at < values.length; at += count) sum += values[at]
  return (sum * count) / values.length
}

describe.each([
  ['neural-network', {}],
  ['neural-network', { form: 's-learner' }],
  ['tree-ensemble', {}],
  ['gaussian-process', {}],
  ['gaussian-process', { form: 'basis', basis: { order: 4, pairDegree: 2 } }],
] as const)('outcomes of %s %o', (name, raw) => {
  it('differ between the arms by the effect, and are near what they should be', async () => {
    const model = await catalog.firstStageModel(name)
    const options = model.parseOptions({ model: name, ...raw })
    const { model: probabilistic, data } = model.condition(trial, options)
    const { draws } = await fit(probabilistic, data, {
      seed: 1,
      chains: 1,
      warmup: 100,
      draws: 100,
      algorithm: 'hmc',
      start: 'prior',
      workers: 0,
    })
    const { control, treated } = model.outcomes!(draws, trial, options).predict(people, 3, stream(1, 'outcomes'))
    expect(control.length).toBe(treated.length)
    const effects = model.effects(draws, trial, options).predict(Float64Array.of(-0.5, 1, 0), 3, stream(1, 'effects'))
    for (let person = 0; person < 3; person++) {
      const [x1, x2] = people.subarray(2 * person, 2 * person + 2)
      const difference = mean(treated, 3, person) - mean(control, 3, person)
      // posteriors of some 0.1 to 0.2: 100 draws of them and as many again
      expect(Math.abs(difference - mean(effects, 3, person))).toBeLessThan(0.1)
      for (const [arm, values] of [control, treated].entries())
        expect(Math.abs(mean(values, 3, person) - expectedOutcome(x1, x2, arm))).toBeLessThan(0.45)
      // negative control: the arms are not those of another person
      expect(Math.abs(mean(control, 3, (person + 1) % 3) - expectedOutcome(x1, x2, 0))).toBeGreaterThan(0.45)
    }
  })
})
