import { spawnSync } from 'node:child_process'

/**
 * Runs a program and returns what it wrote to stdout.
 * @throws Error with both streams when it ends with another status than 0.
 */
export function call(
  command: string,
  commandLine: readonly string[],
  cwd: string,
  environment: NodeJS.ProcessEnv = process.env,
): string {
  const options = { cwd, env: environment, encoding: 'utf8', maxBuffer: 1 << 26 } as const
  const { status, stdout, stderr, error } = spawnSync(command, commandLine, options)
  if (status !== 0) throw new Error(`${command} ${commandLine.join(' ')} failed: ${error?.message ?? `${stdout}\n${stderr}`}`)
  return stdout
}
