/** The probability of every count of a binomial distribution, 0 to n, for n up to the length of the table of log factorials. */
export function binomialProbability(
  trialCount: number,
  probability: number,
  logFactorials: Float64Array,
): (count: number) => number {
  const [logSuccess, logFailure] = [Math.log(probability), Math.log1p(-probability)]
  return (count) => {
    const logChoose = logFactorials[trialCount] - logFactorials[count] - logFactorials[trialCount - count]
    return Math.exp(logChoose + count * logSuccess + (trialCount - count) * logFailure)
  }
}

/** log 0!, log 1!, ... log n!. */
export function logFactorialTable(largest: number): Float64Array {
  const table = new Float64Array(largest + 1)
  for (let count = 2; count <= largest; count++) table[count] = table[count - 1] + Math.log(count)
  return table
}
