import type { ValueType } from './assemble.js'
import type { InlineBody } from './math/function-writer.js'

/** Collects the instructions and locals of one WebAssembly function as text. */
export class Emitter {
  private readonly lines: string[] = []
  private readonly locals = new Map<string, ValueType>()

  line(text: string): void {
    this.lines.push(text)
  }

  set(name: string, type: ValueType, value: string): void {
    this.locals.set(name, type)
    this.lines.push(`(local.set ${name} ${value})`)
  }

  /** The value of a mathematical function whose body is written here: to be used before the next body of that function is written. */
  inline({ locals, statements, value }: InlineBody): string {
    for (const local of locals) this.locals.set(local, 'v128')
    this.lines.push(...statements)
    return value
  }

  /** Repeats `body` with `index` running from `from` in steps of `step` while it is below `end`; at least one round. All in bytes. */
  loop(index: string, from: number, end: number, step: number, body: () => void): void {
    if (from >= end) return
    this.set(index, 'i32', `(i32.const ${from})`)
    if (from + step >= end) {
      body()
      return
    }
    const label = `$loop${this.lines.length}`
    this.line(`(loop ${label}`)
    body()
    this.line(
      `(br_if ${label} (i32.lt_u (local.tee ${index} (i32.add (local.get ${index}) (i32.const ${step}))) (i32.const ${end}))))`,
    )
  }

  function(name: string): string {
    const locals = [...this.locals].map(([local, type]) => `(local ${local} ${type})`)
    return `(func ${name} ${locals.join(' ')}\n${this.lines.join('\n')})`
  }
}
