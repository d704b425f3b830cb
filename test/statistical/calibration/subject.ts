import type { Prior } from '../../../src/contract/distribution.js'
import type { CalibrationSubject } from '../../../src/criticism/calibration-replicate.js'

/** A model with data, whatever their types. */
// biome-ignore lint/suspicious/noExplicitAny: the data of a model that is looked up by name have no type that is known here
export type AnySubject = CalibrationSubject<any, Record<string, Prior>>
