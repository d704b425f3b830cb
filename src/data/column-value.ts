import type { DesignColumn } from '../contract/trial.js'
import { restrictedCubicSpline } from '../numeric/restricted-cubic-spline.js'

/** The entry of a design column for a covariate's value in original units: the value, its spline term or its indicator, less centre, by scale. */
export function columnValue({ spline, centre, scale }: DesignColumn, value: number): number {
  return ((spline ? restrictedCubicSpline(value, spline.knots, spline.term) : value) - centre) / scale
}
