import type { Analysis } from '../../contract/analysis.js'
import { type Html, html } from '../html.js'
import { formatSignificant } from '../number-format.js'
import { table } from '../table.js'
import { enginesOf } from './diagnostics.js'

/** Everything needed to repeat the analysis and to prove that it is the same one. */
export function provenanceSection(analysis: Analysis): Html {
  const { provenance, protocol } = analysis
  const rows: (readonly [string, string | Html])[] = [
    ['poolite', provenance.version],
    ['Protocol, SHA-256', html`<code>${provenance.protocolHash}</code>`],
    ...(provenance.dataFile === undefined ? [] : [['Data', provenance.dataFile] as const]),
    ...(provenance.dataHash === undefined ? [] : [['Data, SHA-256', html`<code>${provenance.dataHash}</code>`] as const]),
    ['Models', `${protocol.firstStage.model} (first stage), ${protocol.secondStage.method} (second stage)`],
    ['Seed', String(provenance.seed)],
    ['Engine', enginesOf(analysis).join('; ')],
    ['Node', provenance.node],
    ['Finished', `${provenance.finishedAt}, after ${formatSignificant(provenance.seconds)} seconds`],
  ]
  return html`<section aria-labelledby="provenance"><h2 id="provenance">Provenance</h2>
${table('The same seed, protocol, data and version give the same numbers', [{ title: 'What' }, { title: 'Value' }], rows)}</section>`
}
