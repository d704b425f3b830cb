import { join } from 'node:path'
import { checkTitles } from '../../diagnostics/convergence/check-titles.js'
import type { Warning } from '../contract/analysis.js'
import type { AnalysisStanding } from '../report/person-page.js'
import { manifestName } from './output-folder.js'
import { readText } from './read-file.js'

interface RecordedFit {
  readonly study?: string
  readonly diagnosis?: 'passed' | 'failed'
  readonly checks?: readonly { readonly name: string; readonly status: string }[]
}

/** What the manifest of a run holds for human readers, of which readers of draws need nothing. */
interface WrittenManifest {
  readonly versions?: { readonly poolite?: string }
  readonly protocolHash: string
  readonly seed: number
  readonly methods: { readonly firstStage: string; readonly secondStage: string }
  readonly diagnosis: 'passed' | 'failed'
  readonly warnings?: readonly Warning[]
  readonly pooled?: RecordedFit
  readonly trials: readonly RecordedFit[]
  readonly finishedAt: string
}

/** Whether a run can be relied on, and where it came from. The manifest was read before as one of poolite. */
export function readStanding(runPath: string): AnalysisStanding {
  const manifest = JSON.parse(readText(join(runPath, manifestName))) as WrittenManifest
  const fits = [
    { name: 'second stage', fit: manifest.pooled },
    ...manifest.trials.map((fit) => ({ name: `trial "${fit.study}"`, fit })),
  ]
  return {
    status: manifest.diagnosis,
    failed: fits.flatMap(({ name, fit }) =>
      fit?.diagnosis === 'failed'
        ? [
            {
              name,
              checks: (fit.checks ?? [])
                .filter(({ status }) => status === 'failed')
                .map((check) => checkTitles[check.name] ?? check.name),
            },
          ]
        : [],
    ),
    warnings: manifest.warnings ?? [],
    methods: manifest.methods,
    provenance: {
      version: manifest.versions?.poolite ?? 'unknown',
      protocolHash: manifest.protocolHash,
      seed: manifest.seed,
      finishedAt: manifest.finishedAt,
    },
  }
}
