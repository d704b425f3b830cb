import type { TrialDesign } from '../../../src/contract/trial.js'
import { drawNormal } from '../../../src/random/normal.js'
import { stream } from '../../../src/random/stream.js'

export type EffectOf = (age: number, sex: number) => number

/** Outcomes with a curved prognosis, an effect that is told and errors with standard deviation `noise`; `age` and `sex` are modifiers, `site` is not. */
export function smallTrial(
  patientCount: number,
  { seed = 5, effect = () => 0, noise = 0.5 }: { seed?: number; effect?: EffectOf; noise?: number } = {},
): TrialDesign {
  const source = stream(seed, 'small trial')
  const normals = () => Float64Array.from({ length: patientCount }, () => drawNormal(source, 0, 1))
  const [age, site] = [normals(), normals()]
  const sex = age.map((_, patient) => Math.floor(patient / 2) % 2)
  const treatment = age.map((_, patient) => patient % 2)
  const column = (name: string, isModifier: boolean) => ({
    name,
    covariate: name,
    centre: 0,
    scale: 1,
    isPrognostic: true,
    isModifier,
  })
  return {
    study: 'A',
    columns: [column('age', true), column('site', false), column('sex', true)],
    treatment,
    covariates: Float64Array.from([...age].flatMap((_, patient) => [age[patient], site[patient], sex[patient]])),
    outcome: age.map(
      (x, patient) =>
        Math.abs(x) + 0.3 * site[patient] + treatment[patient] * effect(x, sex[patient]) + drawNormal(source, 0, noise),
    ),
    patientIds: Array.from(age, (_, patient) => `${patient}`),
  }
}
