import { checkTitles } from '../../diagnostics/convergence/check-titles.js'
import type { Fit } from '../contract/analysis.js'
import type { Draws } from '../draws/draws.js'
import type { SiteArtefact } from './site-artefact.js'

/** The fit of a trial as its site reports it: its own verdict on its draws, of which there are as many here as it has sent. */
export function siteFit({ model, fit }: SiteArtefact, draws: Draws): Fit {
  const {
    algorithm,
    engine,
    precision,
    chains,
    warmup,
    draws: drawCount,
    targetAcceptance,
    maximumTreeDepth,
    gradientCount,
  } = fit
  return {
    modelName: model,
    ...(algorithm !== 'nuts' && algorithm !== 'hmc' && { algorithm: algorithm === 'elsewhere' ? 'exact' : algorithm }),
    draws,
    sampler: { chainCount: draws.chainCount, drawCount: draws.drawCount, variables: [] },
    diagnosis: diagnosisOf(fit),
    engine: { engine, precision },
    settings: {
      ...(algorithm === 'hmc' && { algorithm }),
      chains,
      warmup,
      draws: drawCount,
      targetAcceptance,
      maximumTreeDepth,
    },
    gradientCount,
    seconds: Number.NaN,
  }
}

function diagnosisOf({ diagnosis, checks, divergences }: SiteArtefact['fit']): Fit['diagnosis'] {
  return {
    status: diagnosis,
    summary: [],
    checks: checks.map(({ name, status, worst, cutOff, failureCount }) => {
      const title = checkTitles[name] ?? name
      const value = worst?.value ?? Number.NaN
      return {
        name,
        title,
        status,
        ...(worst && { worst: { name: worst.name, value } }),
        ...(cutOff !== undefined && { cutOff }),
        failureCount,
        failures: name === 'divergences' && divergences > 0 ? [{ name: 'all chains', value: divergences }] : [],
        leftOut: [],
        message: `${title}: ${status} at the site${worst ? `, worst ${value.toPrecision(3)} (${worst.name})` : ''}.`,
      }
    }),
  }
}
