/** Weights of the models in `diagnostics/pointwise_elpd_4models.csv`, one column each: `stacking.json`. */
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { pseudoBmaWeights } from '../../../diagnostics/predictive/pseudo-bma-weights.js'
import { stackingWeights } from '../../../diagnostics/predictive/stacking-weights.js'
import { readCsv } from '../kit.js'
import type { Suite } from '../suite.js'

export const suite: Suite = {
  name: 'stacking',
  async run({ kit, write, attempt }) {
    const path = join(kit, 'diagnostics', 'pointwise_elpd_4models.csv')
    if (!existsSync(path)) return
    await attempt('all', () => {
      const rows = readCsv(path)
      const elpd = Object.keys(rows[0]).map((model) => Float64Array.from(rows, (row) => Number(row[model])))
      write('stacking.json', { stacking: [...stackingWeights(elpd).weights], pseudobma: [...pseudoBmaWeights(elpd)] })
      return `${elpd.length} models`
    })
  },
}
