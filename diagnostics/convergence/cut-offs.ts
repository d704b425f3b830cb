/**
 * Every cut-off by which poolite judges draws, each with its source. A value on the wrong side is a failed check, and so is one exactly at
 * the cut-off of R-hat, effective sample size, E-BFMI and k-hat.
 */
export const cutOffs = {
  /** R-hat must be below: Vehtari et al. 2021 (10.1214/20-BA1221). */
  rhat: 1.01,
  /** Bulk and tail effective sample size, all chains together, must be above: 100 for each of four chains, Vehtari et al. 2021. */
  effectiveSampleSize: 400,
  /** E-BFMI of every chain must be above: Betancourt 2016 (arXiv 1604.00695) introduces it, CmdStan's `diagnose` warns below 0.3. */
  eBfmi: 0.3,
  /** Divergent transitions after warmup, at most: any of them may hide a region of high curvature, Betancourt 2017 (arXiv 1701.02434). */
  divergences: 0,
  /** Transitions that stopped at the maximum tree depth, at most: CmdStan's `diagnose` warns at the first one, as a matter of efficiency more than validity. */
  saturatedTransitions: 0,
  /** Draws that are not finite, at most: one is enough to make every mean meaningless. */
  nonFiniteDraws: 0,
  /** Pareto k-hat must be below: Vehtari, Simpson, Gelman, Yao and Gabry 2024 (JMLR 25(72)). */
  paretoK: 0.7,
} as const

/** Cut-off of k-hat for this many draws, min(1 - 1 / log10 S, 0.7): few draws fail to reveal a heavy tail (Vehtari et al. 2024). */
export function paretoKCutOff(drawCount: number): number {
  return Math.min(1 - 1 / Math.log10(drawCount), cutOffs.paretoK)
}
