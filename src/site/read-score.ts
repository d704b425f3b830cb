import { DataError } from '../errors/data-error.js'
import { type SiteScore, siteScoreSchema } from './effect-scores.js'
import { parseJson, requireShallow, requireSize } from './read-artefact.js'

/**
 * @param file name for messages
 * @throws DataError when it is no score, or one of another protocol
 */
export function parseScore(text: string, file: string, protocolHash: string): SiteScore {
  requireSize(text.length, file)
  requireShallow(text, file)
  const result = siteScoreSchema.safeParse(parseJson(text, file))
  if (!result.success)
    throw new DataError({
      file,
      problem: 'this is no score of a site, or it was changed',
      reason: `at ${result.error.issues[0].path.map(String).join('.').slice(0, 100) || 'the file as a whole'}`,
      remedy: 'Give a file that `poolite site score` wrote.',
    })
  const score = result.data
  if (score.protocolHash !== protocolHash)
    throw new DataError({
      file,
      problem: `the score of "${score.study}" was made with another protocol`,
      remedy: 'Let the site score a pooled result of this protocol.',
    })
  if (!(score.mean[2] > 0))
    throw new DataError({ file, problem: `the trial "${score.study}" has one arm only`, remedy: 'Leave the file out.' })
  return score
}

/** @throws DataError when a trial has been scored twice */
export function requireDistinctScores(scores: readonly SiteScore[]): void {
  const twice = scores.find(({ study }, index) => scores.findIndex((other) => other.study === study) < index)
  if (twice)
    throw new DataError({
      problem: `there are two scores of trial "${twice.study}"`,
      reason: 'its patients would count twice',
      remedy: 'Name one file for each trial.',
    })
}
