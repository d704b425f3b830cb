/** CmdStan's sampler columns in its order, each with poolite's name of the same scalar. */
export const cmdStanColumns = [
  ['lp__', 'log_density'],
  ['accept_stat__', 'acceptance'],
  ['stepsize__', 'step_size'],
  ['treedepth__', 'tree_depth'],
  ['n_leapfrog__', 'leapfrog_count'],
  ['divergent__', 'divergent'],
  ['energy__', 'energy'],
] as const

/** Columns of CmdStan to poolite's names, with the name that Stan used for divergences before 2.10. */
export const samplerNameOf: ReadonlyMap<string, string> = new Map<string, string>([
  ...cmdStanColumns,
  ['n_divergent__', 'divergent'],
])
