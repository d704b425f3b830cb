/**
 * Where a mistake lies in the files of whoever wrote a model: from a stack trace, the first place that is neither ours, nor a package's, nor the
 * platform's, up to where we called the model: what called us is not the model. Frames are those of V8, `at name (file:line:column)`.
 * @returns such as `growth.ts:12:20` with its folder; undefined when there is no such frame
 */
export function userPlace(stack: string | undefined): string | undefined {
  for (const line of (stack ?? '').split('\n')) {
    const place = placeOf(line)
    if (place === undefined) continue
    if (place.startsWith(CALLER_OF_MODELS)) return undefined
    if (!isForeign(place)) return place
  }
  return undefined
}

/** The function called at `userPlace`, as it is named in the stack trace. */
export function calledAtUserPlace(stack: string | undefined): string | undefined {
  const lines = (stack ?? '').split('\n')
  const user = lines.findIndex((line) => {
    const place = placeOf(line)
    return place !== undefined && !isForeign(place)
  })
  return /^\s+at (?:.*\.)?(\w+) \(/.exec(lines[user - 1] ?? '')?.[1]
}

function placeOf(line: string): string | undefined {
  const found = /^\s+at (?:.*? \()?(.+:\d+:\d+)\)?$/.exec(line)
  return found ? plainPath(found[1]) : undefined
}

const OUR_FOLDER = plainPath(new URL('../', import.meta.url).href)
const CALLER_OF_MODELS = plainPath(new URL('./translate-error.', import.meta.url).href)

function plainPath(place: string): string {
  return place.startsWith('file://') ? decodeURI(place.slice('file://'.length)) : place
}

function isForeign(place: string): boolean {
  return place.startsWith(OUR_FOLDER) || place.startsWith('node:') || place.startsWith('<') || place.includes('/node_modules/')
}

/** From a model down to where tfjs notices a mistake there are more calls than a stack trace keeps by itself. */
const FRAMES_KEPT = 100

/** While `body` runs, stack traces are long enough for `userPlace`. */
export function withLongStacks<Result>(body: () => Result): Result {
  const limit = Error.stackTraceLimit
  Error.stackTraceLimit = FRAMES_KEPT
  try {
    return body()
  } finally {
    Error.stackTraceLimit = limit
  }
}
