import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { poolingFile } from './pooling-files.js'

/** Whether the second stage of a run pooled effects of people, so that there are no pooled coefficients to predict from. */
export const isEffectPooling = (runPath: string): boolean => existsSync(join(runPath, poolingFile))
