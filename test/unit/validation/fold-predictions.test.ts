import { describe, expect, it } from 'vitest'
import { firstStageMemory, predictFold } from '../../../src/cross-validation/fold-predictions.js'
import { prepareWork, validate } from '../../../src/cross-validation/validate.js'
import { fitAll } from '../../../src/cross-validation/validation-fits.js'
import { referencePerson } from '../../../src/data/people.js'
import { readTable } from '../../../src/data/read-table.js'
import { withFits } from '../../../src/fitting/fits.js'
import type { FittedTrial } from '../../../src/stages/stage-input.js'
import { twoStage } from '../../../src/two-stage.js'
import { smallProtocol, smallTrialsCsv } from './small-trials.js'

const csv = smallTrialsCsv()
const table = readTable(csv, 'small.csv')
const isOfTrial = (study: string) => (line: string) => line.startsWith(`${study},`)

describe('the predictions of a fold', () => {
  it.each([0, 1])('are those of an analysis of the other trials alone (candidate %d)', async (place) => {
    const protocol = smallProtocol()
    const work = await prepareWork({ protocol, table, workers: 0 })
    const candidate = work.candidates[place]
    const { means, draws } = await withFits({ workers: 0 }, {}, async (fits) => {
      const fitted = (await fitAll(work, fits)).get(candidate.modelKey) as readonly FittedTrial[]
      const people = [{ ...referencePerson(protocol), study: 'T6' }]
      const memory = firstStageMemory(6, 360)
      const columns = work.designs[0].columns
      return predictFold(candidate, { training: fitted.slice(0, 5), people, columns, isInner: false, memory }, fits)
    })
    const others = csv.split('\n').filter((line) => !isOfTrial('T6')(line))
    const analysis = await twoStage({
      protocol: candidate.protocol,
      table: readTable(others.join('\n'), 'others.csv'),
      workers: 0,
    })
    const [average, newSetting] = analysis.profileEffects[0].effects
    const spread = Math.sqrt(draws.reduce((sum, value) => sum + (value - newSetting.mean) ** 2, 0) / draws.length)
    // Means over 200 draws or more on either side: 5 errors of their difference. Spreads of 200 t variables are rougher.
    expect(Math.abs(means[0] - average.mean)).toBeLessThan(5 * average.sd * Math.sqrt(2 / 200) + 1e-12)
    expect(spread / newSetting.sd).toBeGreaterThan(0.6)
    expect(spread / newSetting.sd).toBeLessThan(1.6)
  })

  it('do not know the held-out trial: its outcomes change its scores and none of its predictions', async () => {
    const protocol = smallProtocol()
    const changed = csv
      .split('\n')
      .map((line) =>
        isOfTrial('T6')(line) ? line.replace(/^(T6,[01],)([^,]+)/, (_, start, y) => `${start}${5 * Number(y) + 3}`) : line,
      )
    const [before, after] = [
      await validate({ protocol, table, workers: 0 }),
      await validate({ protocol, table: readTable(changed.join('\n'), 'small.csv'), workers: 0 }),
    ]
    for (const [place, { trials }] of before.candidates.entries()) {
      const [own, other] = [trials[5]!, after.candidates[place].trials[5]!]
      expect(other.groups.map(({ predicted }) => predicted)).toEqual(own.groups.map(({ predicted }) => predicted))
      expect(other.dispersion).toBe(own.dispersion)
      expect(other.rLoss).not.toBe(own.rLoss)
    }
    expect(after.nested?.chosen[5]).toBe(before.nested?.chosen[5])
    // Where it is among the trials pooled, it matters.
    expect(after.candidates[1].trials[0]!.groups[0].predicted).not.toBe(before.candidates[1].trials[0]!.groups[0].predicted)
  })
})
