import { execFileSync } from 'node:child_process'
import { Command, Option } from 'commander'
import { describe, expect, it } from 'vitest'
import { runCommandLine } from '../../../src/cli/command-line.js'
import { completionScript } from '../../../src/cli/completion.js'
import { fakeTerminal } from './fake-terminal.js'

const program = new Command('poolite')
program.command('report').summary('a page').option('--profile <name>').option('--patient <file>')
program.command('plot').addOption(new Option('--kind <kind>').choices(['trace', 'rank']))
program.command('site').command('fit').option('--out <file>')

/** What bash offers when the last word is completed. */
function offered(...words: string[]): string[] {
  const typed = words.map((word) => `'${word}'`).join(' ')
  const script = `${completionScript(program, 'bash')}\nCOMP_WORDS=(${typed}); COMP_CWORD=${words.length - 1}; _poolite; echo "\${COMPREPLY[@]}"`
  return execFileSync('bash', ['-c', script], { encoding: 'utf8' }).trim().split(/\s+/).filter(Boolean)
}

describe('completionScript', () => {
  it('offers verbs, then their own options', () => {
    expect(offered('poolite', '')).toEqual(['report', 'plot', 'site'])
    expect(offered('poolite', 'report', 'run', '--p')).toEqual(['--profile', '--patient'])
    expect(offered('poolite', 'site', '')).toEqual(['fit'])
    expect(offered('poolite', 'site', 'fit', '--o')).toEqual(['--out'])
  })

  it('offers the values of an option that has choices, and leaves others to file names', () => {
    expect(offered('poolite', 'plot', '--kind', '')).toEqual(['trace', 'rank'])
    expect(offered('poolite', 'report', 'res')).toEqual([])
  })

  it('writes a function for zsh that names every verb', () => {
    const script = completionScript(program, 'zsh')
    for (const word of ['#compdef poolite', "'report:a page'", "'site fit'", 'trace']) expect(script).toContain(word)
  })
})

describe('the command line', () => {
  const help = async (...words: string[]) => {
    const terminal = fakeTerminal()
    await runCommandLine([...words, '--help'], terminal)
    return terminal.written.data
  }
  const verbs = [
    'init',
    'check',
    'run',
    'predict',
    'report',
    'explain',
    'summarise',
    'plot',
    'export',
    'demo',
    'doctor',
    'completion',
  ]

  it.each(verbs)('shows examples and --json in the help of %s', async (verb) => {
    const text = await help(verb)
    expect(text).toMatch(/Examples:\n {2}\$ .*poolite/)
    expect(text).toContain('--json')
  })

  it('names every verb in its own help', async () => {
    const text = await help()
    for (const verb of verbs) expect(text).toMatch(new RegExp(`^ {2}${verb} `, 'm'))
  })
})
