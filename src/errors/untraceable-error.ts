import { ModelError } from './model-error.js'

/** A model is valid tfjs but cannot be compiled; it can still be evaluated eagerly. */
export class UntraceableError extends ModelError {}
