/** What readers call the checks, where a file holds their names alone. */
export const checkTitles: Readonly<Record<string, string>> = {
  finite: 'Finite draws',
  variation: 'Varying quantities',
  rhat: 'R-hat',
  'ess-bulk': 'Bulk effective sample size',
  'ess-tail': 'Tail effective sample size',
  divergences: 'Divergences',
  'tree-depth': 'Tree depth',
  'e-bfmi': 'E-BFMI',
  'pareto-k': 'Pareto k-hat',
}
