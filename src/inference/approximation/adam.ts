const MEAN_DECAY = 0.9
const SQUARE_DECAY = 0.999
const OFFSET = 1e-8

/** A climber by Adam with this step size and the constants of Kingma and Ba (2015, arXiv 1412.6980): moves `parameters` up an estimated gradient. */
export function adam(parameterCount: number, stepSize: number): (parameters: Float64Array, gradient: Float64Array) => void {
  const mean = new Float64Array(parameterCount)
  const square = new Float64Array(parameterCount)
  let meanShare = 1
  let squareShare = 1
  return (parameters, gradient) => {
    meanShare *= MEAN_DECAY
    squareShare *= SQUARE_DECAY
    for (let i = 0; i < parameterCount; i++) {
      mean[i] = MEAN_DECAY * mean[i] + (1 - MEAN_DECAY) * gradient[i]
      square[i] = SQUARE_DECAY * square[i] + (1 - SQUARE_DECAY) * gradient[i] * gradient[i]
      parameters[i] += (stepSize * mean[i]) / (1 - meanShare) / (Math.sqrt(square[i] / (1 - squareShare)) + OFFSET)
    }
  }
}
