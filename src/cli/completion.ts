import type { Command, Option } from 'commander'

export type Shell = 'bash' | 'zsh'

interface Verb {
  /** Words that lead to it: `run`, or `site fit`. */
  readonly words: string
  readonly summary: string
  readonly options: readonly Option[]
  readonly children: readonly string[]
}

/** A script that completes verbs, options, and the values of options that have choices; elsewhere the shell completes file names. */
export function completionScript(program: Command, shell: Shell): string {
  const verbs = verbsOf(program, '')
  return shell === 'bash' ? bashScript(verbs) : zshScript(verbs)
}

function verbsOf(command: Command, words: string): Verb[] {
  const children = command.commands.map((child) => verbsOf(child, `${words} ${child.name()}`.trim()))
  const summary = command.summary() || command.description()
  return [
    { words, summary, options: command.options, children: command.commands.map((child) => child.name()) },
    ...children.flat(),
  ]
}

const flagsOf = ({ options }: Verb) => [...options.flatMap(({ long }) => long ?? []), '--help']

function choices(verbs: readonly Verb[]): { words: string; flag: string; values: readonly string[] }[] {
  return verbs.flatMap(({ words, options }) =>
    options.flatMap(({ long, argChoices }) => (long && argChoices ? [{ words, flag: long, values: argChoices }] : [])),
  )
}

/** Words before the one that is typed, without options, choose the verb; the longest one that fits wins. */
function bashScript(verbs: readonly Verb[]): string {
  const paths = verbs.filter(({ words }) => words !== '').map(({ words }) => words)
  return `# Completion of poolite for bash. Put this into ~/.bashrc: source <(poolite completion bash)
_poolite() {
  local word="\${COMP_WORDS[COMP_CWORD]}" before="\${COMP_WORDS[COMP_CWORD-1]}" verb="" candidate part
  for part in "\${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
    candidate="\${verb:+$verb }$part"
    case "$candidate" in
      ${paths.map((path) => `"${path}"`).join('|')}) verb="$candidate" ;;
    esac
  done
  COMPREPLY=()
  case "$verb $before" in
${choices(verbs)
  .map(
    ({ words, flag, values }) => `    "${words} ${flag}") COMPREPLY=($(compgen -W "${values.join(' ')}" -- "$word")); return ;;`,
  )
  .join('\n')}
  esac
  case "$verb" in
${verbs
  .map((verb) => {
    const some = verb.children.length > 0 ? ` else COMPREPLY=($(compgen -W "${verb.children.join(' ')}" -- "$word"));` : ''
    return `    "${verb.words}") if [[ "$word" == -* ]]; then COMPREPLY=($(compgen -W "${flagsOf(verb).join(' ')}" -- "$word"));${some} fi ;;`
  })
  .join('\n')}
  esac
}
complete -o default -F _poolite poolite
`
}

function zshScript(verbs: readonly Verb[]): string {
  const paths = verbs.filter(({ words }) => words !== '').map(({ words }) => words)
  const quoted = (text: string) => `'${text.replace(/'/g, "'\\''")}'`
  const described = (verb: Verb) =>
    verb.children.map((name) => {
      const child = verbs.find(({ words }) => words === `${verb.words} ${name}`.trim())
      return quoted(`${name}:${(child?.summary ?? '').replace(/:/g, '\\:')}`)
    })
  return `#compdef poolite
# Completion of poolite for zsh. Put this into ~/.zshrc, after compinit: source <(poolite completion zsh)
_poolite() {
  local verb="" candidate part before="\${words[CURRENT-1]}"
  local -a found
  for part in "\${(@)words[2,CURRENT-1]}"; do
    candidate="\${verb:+$verb }$part"
    case "$candidate" in
      ${paths.map((path) => quoted(path)).join('|')}) verb="$candidate" ;;
    esac
  done
  case "$verb $before" in
${choices(verbs)
  .map(({ words, flag, values }) => `    ${quoted(`${words} ${flag}`)}) compadd -- ${values.map(quoted).join(' ')}; return ;;`)
  .join('\n')}
  esac
  case "$verb" in
${verbs
  .map((verb) => {
    const some =
      verb.children.length > 0 ? ` else found=(${described(verb).join(' ')}); _describe 'command' found;` : ' else _files;'
    return `    ${quoted(verb.words)}) if [[ "$PREFIX" == -* ]]; then compadd -- ${flagsOf(verb).join(' ')};${some} fi ;;`
  })
  .join('\n')}
  esac
}
if [[ "$funcstack[1]" == _poolite ]]; then _poolite "$@"; else compdef _poolite poolite; fi
`
}
