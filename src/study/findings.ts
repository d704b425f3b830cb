/**
 * What the authors found, as statements that a study confirms, contradicts or leaves undecided (METHOD 4.5). A bound is met when the 95% interval of the estimate (Student t, data sets as
 * units) lies on the right side of it. A statement about several scenarios is confirmed when every one meets its bound, which needs no correction for their number (Berger 1982,
 * DOI 10.1080/00401706.1982.10487790), and contradicted when one certainly does not, which does: Bonferroni's.
 */
import { studentTQuantile } from '../numeric/student-t-quantile.js'
import { mainettiScenarios } from '../simulation/mainetti/scenarios.js'
import { studyMethods } from './study-methods.js'
import type { StudyRecord } from './study-record.js'
import { type Estimate, estimateOf, logRatio } from './summarise-study.js'

export type Verdict = 'confirmed' | 'contradicted' | 'undecided'

export interface Finding {
  readonly id: string
  readonly statement: string
  readonly verdict: Verdict
  /** The figures behind the verdict, or what is missing. */
  readonly evidence: readonly string[]
}

/** Probability of each tail. */
const TAIL = 0.025
const FEWEST = 2

type Cells = (scenario: (typeof mainettiScenarios)[number]) => boolean

const ofKind = (kind: string) =>
  new Set(studyMethods.filter(({ firstStage }) => firstStage.kind === kind).map(({ name }) => name))
/** What the authors' statements on machine learning are about. */
const learners = ofKind('learner')
/** Flexible models of this package, which contain the linear one: statements O2 and O3 are about them. */
const ours = ofKind('flexible-posterior')
const within = (records: readonly StudyRecord[], id: string) => records.filter(({ scenario }) => scenario === id)
const idsOf = (cells: Cells) => mainettiScenarios.filter(cells).map(({ id }) => id)
const errorOf = (records: readonly StudyRecord[], method: string) =>
  estimateOf(records.flatMap((one) => (one.method === method && one.measures ? [one.measures.absoluteError] : [])))

/** Of these methods the one with the least mean error, undefined when there is none. */
function best(records: readonly StudyRecord[], isCandidate: (method: string) => boolean): string | undefined {
  const methods = [...new Set(records.map(({ method }) => method))].filter(isCandidate)
  const means = methods.map((method) => ({ method, ...errorOf(records, method) })).filter(({ count }) => count > 0)
  return means.sort((a, b) => a.mean - b.mean)[0]?.method
}

const bestLearner = (records: readonly StudyRecord[]) =>
  best(records, (method) => learners.has(method) && !method.endsWith('/bootstrap'))
const ourBest = (records: readonly StudyRecord[]) => best(records, (method) => ours.has(method) && method.endsWith('/auxiliary'))
/** Least squares pooled as coefficients, random effects where there are. */
const regression = (records: readonly StudyRecord[]) =>
  ['ols/reml', 'ols/reml-diagonal', 'ols/reml-unstructured', 'ols/fixed'].find((name) =>
    records.some(({ method }) => method === name),
  )

/** Bounds that a statement has to meet at most, for the correction: two in each of 16 scenarios and two averages. */
const COMPARISONS = 34

/**
 * Whether an estimate lies below a bound.
 * @param degrees of freedom of its standard error
 */
function below({ mean, mcse, count }: Estimate, bound: number, degrees = count - 1): Verdict {
  if (count < FEWEST || !Number.isFinite(mcse)) return 'undecided'
  const reach = (tail: number) => studentTQuantile(1 - tail, degrees) * mcse
  if (mean + reach(TAIL) < bound) return 'confirmed'
  return mean - reach(TAIL / COMPARISONS) > bound ? 'contradicted' : 'undecided'
}

const above = ({ mean, ...rest }: Estimate, bound: number): Verdict => below({ mean: -mean, ...rest }, -bound)

function allOf(verdicts: readonly Verdict[]): Verdict {
  if (verdicts.includes('contradicted')) return 'contradicted'
  return verdicts.length > 0 && verdicts.every((one) => one === 'confirmed') ? 'confirmed' : 'undecided'
}

const ratioText = ({ mean, mcse, count }: Estimate) =>
  count === 0 ? 'no data sets' : `${Math.exp(mean).toFixed(3)} (MCSE of log ${mcse.toFixed(3)}, ${count} data sets)`

interface Claim {
  readonly verdict: Verdict
  readonly evidence: string
}

/** The ratio of the errors of two methods, chosen in each scenario, is below a bound. */
function ratioBelow(
  records: readonly StudyRecord[],
  id: string,
  pair: (own: readonly StudyRecord[]) => readonly [string | undefined, string | undefined],
  bound: number,
  measure: 'absoluteError' | 'absoluteErrorOfMean' = 'absoluteError',
): Claim {
  const own = within(records, id)
  const [first, second] = pair(own)
  if (!first || !second) return { verdict: 'undecided', evidence: `${id}: the methods were not run` }
  const ratio = logRatio(own, [first, second], measure)
  const against = measure === 'absoluteErrorOfMean' ? ' against the mean function' : ''
  return {
    verdict: below(ratio, Math.log(bound)),
    evidence: `${id}: ${first} to ${second}${against} ${ratioText(ratio)}, bound ${bound}`,
  }
}

/** The mean over scenarios of a log ratio is below a bound; scenarios count alike. */
function averageBelow(ratios: readonly Estimate[], bound: number, what: string): Claim {
  const known = ratios.filter(({ count }) => count >= FEWEST)
  const mean = known.reduce((sum, one) => sum + one.mean, 0) / known.length
  const mcse = Math.sqrt(known.reduce((sum, one) => sum + one.mcse ** 2, 0)) / known.length
  const average = { mean, mcse, count: known.reduce((sum, one) => sum + one.count, 0) }
  return {
    verdict: below(average, Math.log(bound), average.count - known.length),
    evidence: `${what}: ${ratioText(average)}, bound ${bound}`,
  }
}

function finding(id: string, statement: string, claims: readonly Claim[]): Finding {
  return { id, statement, verdict: allOf(claims.map(({ verdict }) => verdict)), evidence: claims.map(({ evidence }) => evidence) }
}

function first(records: readonly StudyRecord[]): Finding {
  const claims = idsOf(({ factors }) => factors.interactions === 'complex' && factors.trialSize === 'large').map((id) =>
    ratioBelow(records, id, (own) => [bestLearner(own), regression(own)], id.includes('small-modification') ? 0.65 : 0.9),
  )
  return finding(
    'T1',
    'complex interactions and large trials: machine learning does substantially better than regression',
    claims,
  )
}

function second(records: readonly StudyRecord[]): Finding {
  const ids = idsOf(({ factors }) => factors.interactions === 'linear')
  const pair = (own: readonly StudyRecord[]) => [regression(own), bestLearner(own)] as const
  const ratios = ids.flatMap((id) => {
    const own = within(records, id)
    const [one, other] = pair(own)
    return one && other ? [logRatio(own, [one, other])] : []
  })
  return finding('T2', 'linear effect modification: regression does better', [
    ...ids.map((id) => ratioBelow(records, id, pair, 1)),
    averageBelow(ratios, 0.8, 'average'),
    ...ids.map((id) => ratioBelow(records, id, pair, id.includes('large-modification') ? 0.3 : 0.65, 'absoluteErrorOfMean')),
  ])
}

function third(records: readonly StudyRecord[]): Finding {
  const small = idsOf(({ factors }) => factors.interactions === 'complex' && factors.trialSize === 'small')
  const shrinks = small.map((id): Claim => {
    const large = id.replace('small-trials', 'large-trials')
    const method = bestLearner([...within(records, id), ...within(records, large)])
    if (!method) return { verdict: 'undecided', evidence: `${id}: no learner was run` }
    const [a, b] = [errorOf(within(records, large), method), errorOf(within(records, id), method)]
    const change = { mean: a.mean - b.mean, mcse: Math.hypot(a.mcse, b.mcse), count: Math.min(a.count, b.count) }
    return {
      verdict: below(change, 0),
      evidence: `${id}: ${method} ${b.mean.toFixed(3)} in small, ${a.mean.toFixed(3)} in large trials (MCSE of the change ${change.mcse.toFixed(3)})`,
    }
  })
  const worse = small
    .filter((id) => id.includes('large-modification'))
    .map((id) => ratioBelow(records, id, (own) => [regression(own), bestLearner(own)], 1))
  return finding(
    'T3',
    'performance depends on sample size; in small trials with large modification machine learning does worse',
    [...shrinks, ...worse],
  )
}

/** Median absolute error when all but the new trials' own deviations is known (METHOD 4.4). */
const FLOOR = { '0.2': 0.328, '0.5': 0.518 }

function fourth(records: readonly StudyRecord[]): Finding {
  const claims = ['small', 'large'].map((modification): Claim => {
    const [a, b] = ['0.2', '0.5'].map((variance) => {
      const own = within(records, `linear-large-trials-${modification}-modification-${variance}`)
      const method = regression(own)
      return method ? errorOf(own, method) : estimateOf([])
    })
    const rise = { mean: b.mean - a.mean, mcse: Math.hypot(a.mcse, b.mcse), count: Math.min(a.count, b.count) }
    return {
      verdict: above(rise, 0),
      evidence: `linear, large trials, ${modification} modification: regression ${a.mean.toFixed(3)} (MCSE ${a.mcse.toFixed(3)}) at variance 0.2, ${b.mean.toFixed(3)} (${b.mcse.toFixed(3)}) at 0.5; floors ${FLOOR['0.2']} and ${FLOOR['0.5']}`,
    }
  })
  return finding('T4', 'performance depends on the heterogeneity of treatment effects', claims)
}

/** Refits are dear, so they may have been made for some learners and in some scenarios only; the statement then says so. */
function fifth(records: readonly StudyRecord[]): Finding {
  const all = idsOf(() => true)
  const refitted = ['boosting', 'causal-forest'].map((name) => {
    const pair = [`${name}/auxiliary`, `${name}/bootstrap`] as const
    const run = all.filter((id) => logRatio(within(records, id), pair).count > 0)
    return { name, pair, run }
  })
  const known = refitted.filter(({ run }) => run.length > 0)
  const claims = (known.length === 0 ? refitted : known).flatMap(({ name, pair, run }) => {
    const ids = run.length === 0 ? all : run
    const ratios = ids.map((id) => logRatio(within(records, id), pair))
    return [...ids.map((id) => ratioBelow(records, id, () => pair, 1)), averageBelow(ratios, 0.93, `${name}, average`)]
  })
  const partly = known.filter(({ run }) => run.length < all.length)
  const where = partly.map(({ name, run }) => `${name} in the ${run.length} scenarios of ${all.length}`).join(', ')
  const statement = 'for machine learning, weights from auxiliary least squares are better than bootstrap weights'
  return finding('T5', where === '' ? statement : `${statement}; ${where} where both were run`, claims)
}

function sixth(records: readonly StudyRecord[]): Finding {
  const pair = ['ols/reml', 'bayes-linear/hierarchical'] as const
  const ratio = logRatio(records, pair)
  const correlation = estimateOf(correlations(records, pair))
  const isSame = allOf([below(ratio, 0.02), above(ratio, -0.02)])
  return finding('T6', 'frequentist and Bayesian regressions hardly differ', [
    { verdict: isSame, evidence: `ratio of the errors ${ratioText(ratio)}, bounds 0.980 and 1.020` },
    {
      verdict: correlation.count === 0 ? 'undecided' : correlation.mean > 0.999 ? 'confirmed' : 'contradicted',
      evidence: `mean correlation of predictions ${correlation.mean.toFixed(6)} (${correlation.count} data sets), bound 0.999`,
    },
  ])
}

function correlations(records: readonly StudyRecord[], [one, other]: readonly [string, string]): number[] {
  const samples = (method: string) =>
    new Map(records.flatMap((r) => (r.method === method && r.sample ? [[`${r.scenario} ${r.replicate}`, r.sample]] : [])))
  const others = samples(other)
  return [...samples(one)].flatMap(([key, x]) => {
    const y = others.get(key)
    return y ? [correlation(x, y)] : []
  })
}

function correlation(x: readonly number[], y: readonly number[]): number {
  const [a, b] = [x, y].map((values) => values.reduce((sum, value) => sum + value, 0) / values.length)
  let [both, first, second] = [0, 0, 0]
  x.forEach((value, at) => {
    both += (value - a) * (y[at] - b)
    first += (value - a) ** 2
    second += (y[at] - b) ** 2
  })
  return both / Math.sqrt(first * second)
}

function seventh(records: readonly StudyRecord[]): Finding {
  const claims = ['lasso/auxiliary', 'ridge/auxiliary'].flatMap((method) =>
    idsOf(() => true).map((id): Claim => {
      const ratio = logRatio(within(records, id), [method, 'ols/auxiliary'])
      return {
        verdict: allOf([below(ratio, Math.log(1.1)), above(ratio, Math.log(0.9))]),
        evidence: `${id}: ${method} to ols/auxiliary ${ratioText(ratio)}, bounds 0.9 and 1.1`,
      }
    }),
  )
  return finding('T7', 'shrinkage brings modest gains only, where effects are dense', claims)
}

/** Of each data set that has methods of both families, the method with the least loss in trials left out. */
function choicesAmong(records: readonly StudyRecord[], isCandidate: (method: string) => boolean) {
  const dataSets = new Map<string, StudyRecord[]>()
  for (const record of records) {
    if (!record.measures || record.validationLoss === undefined || !isCandidate(record.method)) continue
    const key = `${record.scenario} ${record.replicate}`
    dataSets.set(key, [...(dataSets.get(key) ?? []), record])
  }
  const isFlexible = (method: string) => learners.has(method) || ours.has(method)
  return [...dataSets.values()]
    .filter((own) => own.some(({ method }) => isFlexible(method)) && own.some(({ method }) => !isFlexible(method)))
    .map((own) => {
      const chosen = own.reduce((a, b) => (b.validationLoss! < a.validationLoss! ? b : a))
      const least = own.reduce((a, b) => (b.measures!.absoluteError < a.measures!.absoluteError ? b : a))
      const regret = chosen.measures!.absoluteError / least.measures!.absoluteError - 1
      return { scenario: own[0].scenario, regret, isFlexible: Number(isFlexible(chosen.method)) }
    })
}

function eighth(records: readonly StudyRecord[]): Finding {
  const regretClaim = (what: string, isCandidate: (method: string) => boolean): Claim => {
    const regret = estimateOf(choicesAmong(records, isCandidate).map((one) => one.regret))
    return {
      verdict: below(regret, 0.1),
      evidence: `${what}: the one with the least R-loss, trials left out in turn, has on average ${(100 * regret.mean).toFixed(1)}% (MCSE ${(100 * regret.mcse).toFixed(1)}) more error than the best one, ${regret.count} data sets, bound 10%`,
    }
  }
  const choices = choicesAmong(records, (method) => !ours.has(method))
  const rightShare = (what: string, isWanted: (scenario: string) => boolean, wanted: number): Claim => {
    const share = estimateOf(choices.filter(({ scenario }) => isWanted(scenario)).map((one) => Number(one.isFlexible === wanted)))
    return {
      verdict: share.count < FEWEST ? 'undecided' : share.mcse === 0 && share.mean === 1 ? 'confirmed' : above(share, 0.9),
      evidence: `${what}: the right family, regression or learner, in ${(100 * share.mean).toFixed(0)}% of ${share.count} data sets, bound 90%`,
    }
  }
  return finding('T8', 'the best method depends on the truth and can be chosen by internal validation', [
    regretClaim('all methods', () => true),
    rightShare('complex, large trials, small modification', (id) => id.startsWith('complex-large-trials-small'), 1),
    rightShare('linear', (id) => id.startsWith('linear'), 0),
  ])
}

/** What regression can reach where it is right: the error of who knows all but the new trials' deviations and what ten trials say of their mean (METHOD 4.4). */
function optimal(records: readonly StudyRecord[]): Finding {
  const ids = idsOf(({ factors }) => factors.interactions === 'linear')
  const claims = ids.map((id): Claim => {
    const own = within(records, id)
    const method = regression(own)
    if (!method) return { verdict: 'undecided', evidence: `${id}: no regression was run` }
    const [found, optimum] = (['absoluteError', 'optimum'] as const).map((measure) =>
      own.flatMap(({ method: name, measures }) => (name === method && measures ? [measures[measure]] : [])),
    )
    const excess = estimateOf(found.map((error, dataSet) => error - 1.05 * optimum[dataSet]))
    const means = [estimateOf(found).mean, estimateOf(optimum).mean].map((mean) => mean.toFixed(3))
    return {
      verdict: below(excess, 0),
      evidence: `${id}: ${method} ${means[0]}, optimum ${means[1]} (${excess.count} data sets, MCSE of the difference ${excess.mcse.toFixed(3)}), bound 1.05 times that`,
    }
  })
  return finding('O1', 'linear scenarios: regression is within 5% of the optimum', claims)
}

/** Errors of boosting against the mean function in an earlier replication of this design with variance 0.2, untuned (METHOD 4.6). */
const BOOSTING = { small: 0.81, large: 1.31 }
const HALF = 0.5

function halved(records: readonly StudyRecord[]): Finding {
  const ids = idsOf(({ factors }) => factors.interactions === 'complex' && factors.trialSize === 'large')
  const besideBoosting = ids.map((id) =>
    ratioBelow(records, id, (own) => [ourBest(own), 'boosting/auxiliary'], HALF, 'absoluteErrorOfMean'),
  )
  const besideEarlier = ids
    .filter((id) => id.endsWith('0.2'))
    .map((id): Claim => {
      const own = within(records, id)
      const method = ourBest(own)
      if (!method) return { verdict: 'undecided', evidence: `${id}: no flexible model was run` }
      const bound = HALF * (id.includes('small-modification') ? BOOSTING.small : BOOSTING.large)
      const error = estimateOf(
        own.flatMap(({ method: name, measures }) => (name === method && measures ? [measures.absoluteErrorOfMean] : [])),
      )
      return {
        verdict: below(error, bound),
        evidence: `${id}: ${method} ${error.mean.toFixed(3)} against the mean function (MCSE ${error.mcse.toFixed(3)}, ${error.count} data sets), bound ${bound}`,
      }
    })
  return finding('O2', 'complex interactions and large trials: a flexible model of ours has at most half the error of boosting', [
    ...besideBoosting,
    ...besideEarlier,
  ])
}

/** A model that contains the linear one should cost little where effects are linear. */
function harmless(records: readonly StudyRecord[]): Finding {
  const claims = idsOf(({ factors }) => factors.interactions === 'linear').map((id) =>
    ratioBelow(records, id, (own) => [ourBest(own), regression(own)], 1.1),
  )
  return finding('O3', 'linear scenarios: a flexible model of ours has at most a tenth more error than regression', claims)
}

/** T1 to T8, and three bars of our own, from the records of the design of Mainetti et al. */
export function judgeFindings(records: readonly StudyRecord[]): Finding[] {
  const own = records.filter(({ design }) => design === 'mainetti')
  return [first, second, third, fourth, fifth, sixth, seventh, eighth, optimal, halved, harmless].map((judge) => judge(own))
}
