/** Berkey et al. 1998 (10.1002/(SICI)1097-0258(19981130)17:22<2537::AID-SIM953>3.0.CO;2-C): five trials, two outcomes, year of publication less 1980. */
export const estimates = [
  [0.47, -0.32],
  [0.2, -0.6],
  [0.4, -0.12],
  [0.26, -0.31],
  [0.56, -0.39],
]
export const covariances = [
  [0.0075, 0.003, 0.003, 0.0077],
  [0.0057, 0.0009, 0.0009, 0.0008],
  [0.0021, 0.0007, 0.0007, 0.0014],
  [0.0029, 0.0009, 0.0009, 0.0015],
  [0.0148, 0.0072, 0.0072, 0.0304],
]
export const year = [3, 2, -1, 7, 8]

/** Trial 2 without the second outcome, trial 5 without the first. */
export const incomplete = estimates.map((row, trial) =>
  row.map((value, i) => ((trial === 1 && i === 1) || (trial === 4 && i === 0) ? Number.NaN : value)),
)
