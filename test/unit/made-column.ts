import type { DesignColumn } from '../../src/contract/trial.js'

/** A covariate on its own scale that is prognostic and a modifier. */
export const column = (name: string): DesignColumn => ({
  name,
  covariate: name,
  centre: 0,
  scale: 1,
  isPrognostic: true,
  isModifier: true,
})
