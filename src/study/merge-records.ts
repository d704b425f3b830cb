import { RunError } from '../errors/run-error.js'
import { scenarioFamily } from '../simulation/families.js'
import { studyMethods } from './study-methods.js'
import { keyText, type StudyKey } from './study-record.js'

/**
 * Records of any number of processes, each key once, in the order of the design: data sets by scenario and number, methods as in the tables.
 * @param isEqual whether two records of a key may stand for each other; those of times may always
 * @throws RunError when the same key has two results, which a study cannot have
 */
export function mergeRecords<Value extends StudyKey>(
  records: readonly Value[],
  isEqual: (left: Value, right: Value) => boolean = (left, right) => JSON.stringify(left) === JSON.stringify(right),
): Value[] {
  const known = new Map<string, Value>()
  for (const record of records) {
    const key = keyText(record)
    const earlier = known.get(key)
    if (earlier && !isEqual(earlier, record)) throw contradiction(record)
    if (!earlier) known.set(key, record)
  }
  const scenarios = new Map<string, number>()
  for (const { design } of known.values())
    if (!scenarios.has(`${design} `)) {
      scenarios.set(`${design} `, 0)
      scenarioFamily(design).scenarios.forEach(({ id }, place) => {
        scenarios.set(`${design} ${id}`, place)
      })
    }
  const methods = new Map(studyMethods.map(({ name }, place) => [name, place]))
  const place = ({ design, scenario }: Value) => scenarios.get(`${design} ${scenario}`) ?? -1
  return [...known.values()].sort(
    (a, b) =>
      place(a) - place(b) ||
      a.replicate - b.replicate ||
      (methods.get(a.method) ?? -1) - (methods.get(b.method) ?? -1) ||
      a.seed - b.seed,
  )
}

function contradiction({ scenario, replicate, method }: StudyKey): RunError {
  return new RunError({
    problem: `there are two different results of ${method} for data set ${replicate} of ${scenario}`,
    reason: 'the same method, data and seed give the same result in the same version, on any machine',
    remedy:
      'Were the parts of the study run from different states of the source? Remove the files of one of them and run it again with --resume.',
  })
}
