import type { Warning } from '../contract/analysis.js'
import { designColumns } from '../data/design-columns.js'
import type { Protocol } from '../data/protocol.js'
import type { LeakSlope } from './aggregation-leak.js'

/** One warning for all modifiers over which weights that change from person to person change the slope of the pooled effect. */
export function leakWarnings(leak: readonly LeakSlope[], protocol: Pick<Protocol, 'covariates' | 'outcome'>): Warning[] {
  const columns = designColumns(protocol)
  const places = leak
    .filter(({ isMaterial }) => isMaterial)
    .map(({ name, asPooled, frozen, standardError }) => {
      const scale = protocol.outcome.scale / (columns.find((column) => column.name === name)?.scale ?? 1)
      const [pooled, within, error] = [asPooled, frozen, standardError].map((value) => Number((scale * value).toPrecision(3)))
      return `${name} (${pooled} as pooled, ${within} with the same weights for everybody, standard error ${error})`
    })
  if (places.length === 0) return []
  return [
    {
      severity: 'important',
      message: `the weights of the trials change from person to person, and with them the slope of the pooled effect over ${places.join(', ')}: it partly compares trials instead of treatments. Set \`components: separate\` in secondStage, or \`weights: size\` or \`equal\`.`,
    },
  ]
}
