/** Reserved columns of the wide format of R package posterior: 1-based chain, draw within the chain, and draw counted over all chains. */
export const indexColumns = ['.chain', '.iteration', '.draw'] as const

/** Reserved column of log weights, present only for weighted draws. */
export const weightColumn = '.log_weight'
