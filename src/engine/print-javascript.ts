import { scalarFunctions } from './scalar-functions.js'
import type { AssembleStep, LoopStep, Operand, Schedule, Statement } from './schedule.js'
import { rowMajorStrides } from './shape.js'

/**
 * Prints a schedule as JavaScript source: the body of `(memory, f, kernels) => run`. One function per step keeps each within what V8 optimises well.
 * Apart from scalar constants the text holds offsets into `memory`, not data.
 */
export function printJavaScript({ steps }: Schedule): string {
  const functions = steps.map((step, index) => {
    if (step.kind === 'loop') return `function step${index}(m) {\n${printLoop(step)}}`
    if (step.kind === 'assemble') return `function step${index}(m) {\n${printAssemble(step)}}`
    const names = { operands: `operands${index}`, results: `results${index}`, settings: `settings${index}` }
    const lists = Object.entries(names).map(([key, name]) => `const ${name} = ${JSON.stringify(step[key as keyof typeof names])}`)
    return `${lists.join('\n')}\nconst kernel${index} = kernels.${step.kernel}\nfunction step${index}(m) { kernel${index}(m, ${Object.values(names).join(', ')}) }`
  })
  return `'use strict'\n${functions.join('\n')}\nreturn function run() {\n${steps.map((_, index) => `  step${index}(memory)`).join('\n')}\n}\n`
}

const START: Record<string, string> = { sum: '0', product: '1', maximum: '-Infinity', minimum: 'Infinity' }

function combine(reduction: string, total: string, next: string): string {
  if (reduction === 'sum') return `${total} += ${next}`
  if (reduction === 'product') return `${total} *= ${next}`
  return `${total} = Math.${reduction === 'maximum' ? 'max' : 'min'}(${total}, ${next})`
}

function address(offset: number, strides: readonly number[]): string {
  const terms = strides.flatMap((stride, axis) => (stride === 0 ? [] : [stride === 1 ? `i${axis}` : `i${axis} * ${stride}`]))
  return terms.length === 0 ? `m[${offset}]` : `m[${[offset, ...terms].join(' + ').replaceAll('+ -', '- ')}]`
}

function literal(value: number): string {
  if (Number.isNaN(value)) return 'NaN'
  const text = Object.is(value, -0) ? '-0' : String(value)
  return text.startsWith('-') ? `(${text})` : text
}

/** A reduction whose axes are the innermost loops is summed in a local variable, any other in memory. */
function isInnermost(axes: readonly number[], depth: number): boolean {
  return axes.length > 0 && axes.every((axis, position) => axis === depth - axes.length + position)
}

function printLoop({ lengths, statements }: LoopStep): string {
  const depth = lengths.length
  const loads = collectLoads(statements)
  const lines: string[] = []
  const indent = (level: number) => '  '.repeat(level + 1)
  const inRegister = (statement: Statement) => statement.kind === 'reduce' && (depth === 0 || isInnermost(statement.axes, depth))
  for (const statement of statements)
    if (statement.kind === 'reduce' && !inRegister(statement))
      lines.push(`  m.fill(${START[statement.reduction]}, ${statement.store}, ${statement.store + statement.size})`)

  const loadsAt = (level: number) =>
    [...loads].filter(([, load]) => load.level === level).map(([text, load]) => `const ${load.name} = ${text}`)
  const read = (operand: Operand) => {
    if (operand.kind === 'value') return `v${operand.id}`
    if (operand.kind === 'number') return literal(operand.value)
    return loads.get(address(operand.offset, operand.strides))?.name as string
  }

  /** `level` counts the loops already open. */
  const emit = (level: number): void => {
    lines.push(...loadsAt(level - 1).map((line) => indent(level) + line))
    const opening = statements.filter(
      (statement) => statement.kind === 'reduce' && inRegister(statement) && depth - statement.axes.length === level,
    )
    for (const statement of opening)
      if (statement.kind === 'reduce') lines.push(`${indent(level)}let a${statement.id} = ${START[statement.reduction]}`)
    if (level === depth)
      for (const statement of statements)
        lines.push(...body(statement, read, inRegister(statement), rowMajorStrides(lengths)).map((line) => indent(level) + line))
    else {
      lines.push(`${indent(level)}for (let i${level} = 0; i${level} < ${lengths[level]}; i${level}++) {`)
      emit(level + 1)
      lines.push(`${indent(level)}}`)
    }
    for (const statement of opening)
      if (statement.kind === 'reduce')
        lines.push(`${indent(level)}${address(statement.store, statement.strides.slice(0, level))} = a${statement.id}`)
  }
  emit(0)
  return `${lines.join('\n')}\n`
}

function body(
  statement: Statement,
  read: (operand: Operand) => string,
  isInRegister: boolean,
  storeStrides: readonly number[],
): string[] {
  if (statement.kind === 'reduce') {
    const value = statement.factors.map(read).join(' * ')
    return [combine(statement.reduction, isInRegister ? `a${statement.id}` : address(statement.store, statement.strides), value)]
  }
  const names = statement.operands.map(read)
  const expression = scalarFunctions[statement.function].expression.replace(
    /\b[abc]\b/g,
    (letter) => names[letter.charCodeAt(0) - 97],
  )
  const lines = [`const v${statement.id} = ${expression}`]
  return statement.store === undefined ? lines : [...lines, `${address(statement.store, storeStrides)} = v${statement.id}`]
}

/** Each distinct read once, at the innermost loop on which its address depends. */
function collectLoads(statements: readonly Statement[]): Map<string, { name: string; level: number }> {
  const loads = new Map<string, { name: string; level: number }>()
  for (const statement of statements)
    for (const operand of statement.kind === 'map' ? statement.operands : statement.factors) {
      if (operand.kind !== 'memory') continue
      const text = address(operand.offset, operand.strides)
      const level = operand.strides.reduce((deepest, stride, axis) => (stride === 0 ? deepest : axis), -1)
      if (!loads.has(text)) loads.set(text, { name: `r${loads.size}`, level })
    }
  return loads
}

function printAssemble({ store, size, fill, pieces }: AssembleStep): string {
  const covered = pieces.reduce((sum, piece) => sum + piece.lengths.reduce((product, length) => product * length, 1), 0)
  const lines = covered === size ? [] : [`  m.fill(${fill}, ${store}, ${store + size})`]
  for (const { lengths, from, to } of pieces) {
    const loops = lengths.map((length, axis) => `for (let i${axis} = 0; i${axis} < ${length}; i${axis}++) `)
    lines.push(`  ${loops.join('')}${address(to.offset, to.strides)} = ${address(from.offset, from.strides)}`)
  }
  return `${lines.join('\n')}\n`
}
