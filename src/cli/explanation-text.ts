import type { Protocol } from '../data/protocol.js'
import { dependenceRange, shareText, valueText } from '../report/explanation-data.js'
import { unitSuffix } from '../report/labels.js'
import { decimalsFor, formatInterval, formatNumber } from '../report/number-format.js'
import { textTable } from '../report/text/text-table.js'
import type { ExplainedSetting } from './explain.js'

/** Which covariates drive the effect, as a table for a terminal. */
export function explanationText({ name, explanation }: ExplainedSetting, protocol: Protocol): string {
  const { spread, covariates, patientCount, drawCount } = explanation
  const decimals = decimalsFor((spread.upper - spread.lower) / 4)
  const heading = `${name[0].toUpperCase()}${name.slice(1)}: the effect varies over people with an SD of ${formatNumber(spread.mean, decimals)}${unitSuffix(protocol)} (95% interval ${formatInterval(spread, decimals)}); ${patientCount} patients, ${drawCount} draws`
  const rows = covariates.map((one) => {
    const [low, high] = dependenceRange(one)
    const own = decimalsFor((low.upper - low.lower) / 4)
    return [
      one.covariate,
      shareText(one.totalShare),
      shareText(one.aloneShare),
      `${formatNumber(low.mean, own)} at ${valueText(low.value, one.covariate, protocol)}`,
      `${formatNumber(high.mean, own)} at ${valueText(high.value, one.covariate, protocol)}`,
    ]
  })
  const note =
    'share: of the variance of the effect, what goes through this covariate; alone: what it says by itself. Covariates are taken one at a time, so that where\nthey go together neither is a share of 100%, and alone can be the larger. effect: mean over patients who all had that value.'
  return `${heading}\n\n${textTable(['covariate', 'share', 'alone', 'effect', 'effect'], rows)}\n${note}\n`
}
