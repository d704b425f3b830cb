/** Entry of a child process of `poolite simulate`: carries out one data set at a time, as its parent says, and ends with it. */
import { catalog } from '../catalog.js'
import { programCache } from '../engine/program-cache.js'
import { runReplicate, type StudyOutcome } from '../study/replicate.js'
import type { StudyTask } from '../study/study-task.js'

export type StudyReply = { readonly outcomes: readonly StudyOutcome[] } | { readonly failure: string }

const tools = { catalog, cache: programCache() }

process.on('message', (task: StudyTask) => {
  const reply = (answer: StudyReply) => process.send?.(answer)
  runReplicate(task, tools).then(
    (outcomes) => reply({ outcomes }),
    (error: unknown) => reply({ failure: error instanceof Error ? (error.stack ?? error.message) : String(error) }),
  )
})
process.on('disconnect', () => process.exit())
// Ctrl-C in a terminal reaches all processes: the parent says when it is over
process.on('SIGINT', () => {})
