/**
 * The multivariate normal density of large matrices in WebAssembly. Matrices that are read again and again lie in panels of eight neighbouring columns, 64 bytes a
 * row, so that a panel stays in the first cache; tiles of two rows and one panel are summed in registers, while the other factor streams by row. Each element is
 * computed by the same operations in the same order as in `multivariate-normal.ts`.
 *
 * Sizes are rounded up to whole panels by rows and columns of the identity, which change neither determinant nor inverse. Locals `$c`, `$i`, `$k` hold 8 times the
 * first column of a panel, a row, and the index of a sum; `$panel` is where the panel begins, a row k of it lies at `$panel + 8 $k`.
 */
import type { CallArguments, KernelPrinter, Value } from '../call-kernel.js'
import { add, divide, multiply, positive, subtract, zero } from './expressions.js'
import { ELEMENT, sum } from './memory-text.js'

const PANEL = 8
const VECTORS = [0, 1, 2, 3]
const LANES = Array.from({ length: PANEL }, (_, lane) => lane)
const ROW_BYTES = PANEL * ELEMENT
const LOG_TWO_PI = 1.8378770664093453

/** First addresses in bytes of working space. */
interface Space {
  /** L' as panels, then L^-1. */
  readonly panels: number
  /** L by row, then a panel of the result. */
  readonly lower: number
  /** L D by row, then D^-1 L^-1 by column. */
  readonly scaled: number
  readonly pivots: number
  readonly reciprocals: number
  /** D^-1 L^-1 r, then A^-1 r. */
  readonly solution: number
}

const get = (name: string): Value => `(local.get ${name})`
const number = (value: number): Value => `(i32.const ${value})`
const eight = (index: Value): Value => `(i32.shl ${index} (i32.const 3))`
const vectorAt = (address: Value, offset = 0): Value => `(v128.load offset=${offset} ${address})`
const splatAt = (address: Value, offset = 0): Value => `(v128.load64_splat offset=${offset} ${address})`
const storeVector = (address: Value, value: Value, offset = 0): string => `(v128.store offset=${offset} ${address} ${value})`
const numberAt = (address: Value, offset = 0): Value => `(f64.load offset=${offset} ${address})`
const storeNumber = (address: Value, value: Value, offset = 0): string => `(f64.store offset=${offset} ${address} ${value})`

/** Prints the kernel; see `multivariateNormal` for operands, results and settings. */
export function printTiledDensity(printer: KernelPrinter, call: CallArguments): void {
  const { settings, isRead } = call
  const [count, size] = settings
  const padded = size + ((PANEL - (size % PANEL)) % PANEL)
  const matrix = () => printer.space(padded * padded) * ELEMENT
  const vector = () => printer.space(padded) * ELEMENT
  const space: Space = {
    panels: matrix(),
    lower: matrix(),
    scaled: matrix(),
    pivots: vector(),
    reciprocals: vector(),
    solution: vector(),
  }
  printer.loop('$system', 0, count * ELEMENT, ELEMENT, () => {
    const tiled = new TiledDensity(printer, space, size, padded)
    const [residual, covariance] = [call.operands[0], call.operands[1]]
    const [value, solved, gradient] = call.results
    tiled.factorise(placeOf(covariance, size * size))
    tiled.density(placeOf(residual, size), placeOf(value, 1))
    if (!isRead[1] && !isRead[2]) return
    tiled.solve(placeOf(solved, size))
    if (!isRead[2]) return
    tiled.invert()
    tiled.gradient(placeOf(gradient, size * size))
  })
}

/** Address in bytes of the current system's part of an array. */
const placeOf = (offset: number, stride: number): Value =>
  sum(number(offset * ELEMENT), `(i32.mul (local.get $system) ${number(stride)})`)

class TiledDensity {
  private labels = 0

  constructor(
    private readonly printer: KernelPrinter,
    private readonly space: Space,
    private readonly size: number,
    private readonly padded: number,
  ) {}

  /** L D L' = A, panel by panel; each needs the rows of L and L D above its own. */
  factorise(covariance: Value): void {
    const { panels, scaled } = this.space
    this.set('$covariance', covariance)
    this.overPanels((isLast) => {
      this.readPanel(isLast)
      this.overPairs(number(0), get('$c'), () => {
        this.startTile()
        this.subtractProducts(sum(number(scaled), this.row('$i')), number(0))
        this.finishPair()
      })
      this.copyRowsAbove()
      this.overPairs(get('$c'), sum(get('$c'), number(ROW_BYTES)), () => {
        this.startTile()
        this.subtractProducts(sum(number(scaled), this.row('$i')), number(0), get('$c'))
        this.storeTile()
      })
      this.factoriseDiagonalBlock()
    }, panels)
  }

  /** Forward solution of L D z = r, and the density. */
  density(residual: Value, value: Value): void {
    const { scaled, pivots, reciprocals, solution } = this.space
    this.set('$residual', residual)
    this.printer.set('$quadratic', 'f64', '(f64.const 0)')
    this.printer.set('$determinant', 'v128', zero)
    this.over('$i', number(0), number(this.padded * ELEMENT), () => {
      const given = `(if (i32.lt_u ${get('$i')} ${number(this.size * ELEMENT)}) (then (local.set $rest ${numberAt(sum(get('$residual'), get('$i')))})) (else (local.set $rest (f64.const 0))))`
      this.printer.set('$rest', 'f64', '(f64.const 0)')
      this.printer.line(given)
      this.set('$row', sum(number(scaled), this.row('$i')))
      this.over('$k', number(0), get('$i'), () => {
        const product = `(f64.mul ${numberAt(get('$k'), solution)} ${numberAt(sum(get('$row'), get('$k')))})`
        this.printer.set('$rest', 'f64', `(f64.sub ${get('$rest')} ${product})`)
      })
      const solved = `(f64.mul ${get('$rest')} ${numberAt(get('$i'), reciprocals)})`
      this.printer.line(storeNumber(get('$i'), solved, solution))
      const square = `(f64.mul ${get('$rest')} ${numberAt(get('$i'), solution)})`
      this.printer.set('$quadratic', 'f64', `(f64.add ${get('$quadratic')} ${square})`)
      this.printer.set('$pivot', 'v128', splatAt(get('$i'), pivots))
      this.printer.set('$determinant', 'v128', add(get('$determinant'), this.printer.call('logarithm', get('$pivot'))))
    })
    const total = `(f64.add ${get('$quadratic')} (f64x2.extract_lane 0 ${get('$determinant')}))`
    const density = `(f64.mul (f64.const -0.5) (f64.add ${total} (f64.const ${this.size * LOG_TWO_PI})))`
    this.printer.line(storeNumber(value, density))
  }

  /** Solves L' s = z, from the last unknown to the first. */
  solve(solved: Value): void {
    const { lower, solution } = this.space
    this.set('$i', number(this.padded * ELEMENT))
    this.while(`(i32.gt_s ${get('$i')} (i32.const 0))`, () => {
      this.set('$i', sum(get('$i'), number(-ELEMENT)))
      this.printer.set('$unknown', 'v128', splatAt(get('$i'), solution))
      this.set('$row', sum(number(lower), this.row('$i')))
      this.over(
        '$k',
        number(0),
        get('$i'),
        () => {
          const product = multiply(get('$unknown'), vectorAt(sum(get('$row'), get('$k'))))
          this.printer.set('$v', 'v128', subtract(vectorAt(get('$k'), solution), product))
          const isWhole = `(i32.lt_u (i32.add ${get('$k')} (i32.const 8)) ${get('$i')})`
          const [whole, half] = [
            storeVector(get('$k'), get('$v'), solution),
            storeNumber(get('$k'), `(f64x2.extract_lane 0 ${get('$v')})`, solution),
          ]
          this.printer.line(`(if ${isWhole} (then ${whole}) (else ${half}))`)
        },
        2 * ELEMENT,
      )
    })
    this.set('$solved', solved)
    this.over('$i', number(0), number(this.size * ELEMENT), () => {
      this.printer.line(storeNumber(sum(get('$solved'), get('$i')), numberAt(get('$i'), solution)))
    })
  }

  /** W = L^-1 as panels, and D^-1 W by column. */
  invert(): void {
    const { panels, lower } = this.space
    this.overPanels(() => {
      this.invertDiagonalBlock()
      this.overPairs(sum(get('$c'), number(ROW_BYTES)), number(this.padded * ELEMENT), () => {
        this.clearTile()
        this.set('$row', sum(number(lower), this.row('$i')))
        this.subtractProducts(get('$row'), get('$c'))
        this.storeTile()
        const element = splatAt(sum(get('$row'), get('$i')), this.padded * ELEMENT)
        for (const v of VECTORS)
          this.printer.line(
            storeVector(this.panelRow('$i'), subtract(get(`$b${v}`), multiply(get(`$a${v}`), element)), ROW_BYTES + 16 * v),
          )
      })
      this.copyColumns()
    }, panels)
  }

  /** (s s' - W' D^-1 W) / 2, the lower triangle by panels and then both triangles to the result. */
  gradient(result: Value): void {
    const { panels, lower, scaled, reciprocals, solution } = this.space
    this.set('$result', result)
    this.overPanels((isLast) => {
      this.overPairs(get('$c'), number(this.padded * ELEMENT), () => {
        this.startTile()
        for (const [name, offset] of [
          ['a', 0],
          ['b', ELEMENT],
        ] as const)
          for (const v of VECTORS)
            this.printer.set(`$${name}${v}`, 'v128', multiply(get(`$${name}${v}`), splatAt(get('$i'), reciprocals + offset)))
        this.set('$row', sum(number(scaled), this.row('$i')))
        const first = splatAt(sum(get('$row'), get('$i')), ELEMENT)
        this.printer.set('$m0', 'v128', first)
        for (const v of VECTORS)
          this.printer.set(
            `$a${v}`,
            'v128',
            add(get(`$a${v}`), multiply(vectorAt(this.panelRow('$i'), ROW_BYTES + 16 * v), get('$m0'))),
          )
        this.accumulate(get('$row'), sum(get('$i'), number(2 * ELEMENT)), number(this.padded * ELEMENT), add)
        for (const [name, offset] of [
          ['a', 0],
          ['b', 1],
        ] as const)
          for (const v of VECTORS) {
            const product = multiply(splatAt(get('$i'), solution + offset * ELEMENT), vectorAt(get('$c'), solution + 16 * v))
            const element = multiply(0.5, subtract(product, get(`$${name}${v}`)))
            this.printer.line(storeVector(eight(get('$i')), element, lower + offset * ROW_BYTES + 16 * v))
          }
      })
      this.writeResult(isLast)
    }, panels)
  }

  /** Columns of the lower triangle of A as rows of the panel, down to the end of the diagonal block. */
  private readPanel(isLast: boolean): void {
    const { size, padded } = this
    const known = isLast ? size - (padded - PANEL) : PANEL
    const lanes = LANES.slice(0, known)
    for (const lane of lanes)
      this.set(`$r${lane}`, sum(get('$covariance'), `(i32.mul ${sum(get('$c'), number(lane * ELEMENT))} ${number(size)})`))
    const end = sum(get('$c'), number(known * ELEMENT))
    this.over('$k', number(0), end, () => {
      for (const lane of lanes)
        this.printer.line(storeNumber(this.panelRow('$k'), numberAt(sum(get(`$r${lane}`), get('$k'))), lane * ELEMENT))
    })
    if (known === PANEL) return
    this.over('$k', number(0), sum(get('$c'), number(ROW_BYTES)), () => {
      for (const lane of LANES.slice(known)) this.printer.line(storeNumber(this.panelRow('$k'), '(f64.const 0)', lane * ELEMENT))
    })
    for (const lane of LANES.slice(known))
      for (const other of LANES)
        this.printer.line(
          storeNumber(this.panelRow('$c'), `(f64.const ${lane === other ? 1 : 0})`, lane * ROW_BYTES + other * ELEMENT),
        )
  }

  /** A pair of rows whose products with all rows before it are taken off: the first becomes one of L', the second still needs it. */
  private finishPair(): void {
    const { scaled, reciprocals } = this.space
    for (const v of VECTORS) this.printer.set(`$a${v}`, 'v128', multiply(get(`$a${v}`), splatAt(get('$i'), reciprocals)))
    const address = sum(this.row('$i'), get('$i'))
    this.printer.set('$m0', 'v128', splatAt(address, scaled + this.padded * ELEMENT))
    for (const v of VECTORS) {
      const rest = subtract(get(`$b${v}`), multiply(get(`$a${v}`), get('$m0')))
      this.printer.set(`$b${v}`, 'v128', multiply(rest, splatAt(get('$i'), reciprocals + ELEMENT)))
    }
    this.storeTile()
  }

  /** The finished rows of the panel, which are columns of L and L D. */
  private copyRowsAbove(): void {
    const { lower, scaled, pivots } = this.space
    const { padded } = this
    this.set('$row', this.row('$c'))
    this.over('$k', number(0), get('$c'), () => {
      this.printer.set('$d', 'f64', numberAt(get('$k'), pivots))
      for (const lane of LANES) {
        this.printer.set('$x', 'f64', numberAt(this.panelRow('$k'), lane * ELEMENT))
        const target = sum(get('$row'), get('$k'))
        this.printer.line(storeNumber(target, get('$x'), lower + lane * padded * ELEMENT))
        this.printer.line(storeNumber(target, `(f64.mul ${get('$x')} ${get('$d')})`, scaled + lane * padded * ELEMENT))
      }
    })
  }

  private factoriseDiagonalBlock(): void {
    const { lower, scaled, pivots, reciprocals } = this.space
    const { padded } = this
    const base = this.panelRow('$c')
    for (const row of LANES) {
      for (const v of VECTORS) this.printer.set(`$a${v}`, 'v128', vectorAt(base, row * ROW_BYTES + 16 * v))
      for (const before of LANES.slice(0, row)) {
        this.printer.set('$x', 'f64', numberAt(base, before * ROW_BYTES + row * ELEMENT))
        const target = sum(this.row('$c'), get('$c'))
        const offset = (row * padded + before) * ELEMENT
        this.printer.line(storeNumber(target, get('$x'), lower + offset))
        this.printer.set('$x', 'f64', `(f64.mul ${get('$x')} ${numberAt(get('$c'), pivots + before * ELEMENT)})`)
        this.printer.line(storeNumber(target, get('$x'), scaled + offset))
        this.printer.set('$m0', 'v128', `(f64x2.splat ${get('$x')})`)
        for (const v of VECTORS)
          this.printer.set(
            `$a${v}`,
            'v128',
            subtract(get(`$a${v}`), multiply(vectorAt(base, before * ROW_BYTES + 16 * v), get('$m0'))),
          )
      }
      this.printer.set('$x', 'f64', `(f64x2.extract_lane ${row % 2} ${get(`$a${row >> 1}`)})`)
      this.printer.set('$m0', 'v128', `(f64x2.splat ${get('$x')})`)
      this.printer.set('$m0', 'v128', positive(get('$m0')))
      this.printer.set('$m1', 'v128', divide(1, get('$m0')))
      this.printer.line(storeNumber(get('$c'), `(f64x2.extract_lane 0 ${get('$m0')})`, pivots + row * ELEMENT))
      this.printer.line(storeNumber(get('$c'), `(f64x2.extract_lane 0 ${get('$m1')})`, reciprocals + row * ELEMENT))
      for (const v of VECTORS) this.printer.line(storeVector(base, multiply(get(`$a${v}`), get('$m1')), row * ROW_BYTES + 16 * v))
    }
  }

  private invertDiagonalBlock(): void {
    const { lower } = this.space
    const base = this.panelRow('$c')
    for (const row of LANES) {
      for (const v of VECTORS) this.printer.set(`$a${v}`, 'v128', zero)
      for (const before of LANES.slice(0, row)) {
        const address = sum(this.row('$c'), get('$c'))
        this.printer.set('$m0', 'v128', splatAt(address, lower + (row * this.padded + before) * ELEMENT))
        for (const v of VECTORS)
          this.printer.set(
            `$a${v}`,
            'v128',
            subtract(get(`$a${v}`), multiply(vectorAt(base, before * ROW_BYTES + 16 * v), get('$m0'))),
          )
      }
      for (const v of VECTORS) this.printer.line(storeVector(base, get(`$a${v}`), row * ROW_BYTES + 16 * v))
      for (const lane of LANES.slice(row))
        this.printer.line(storeNumber(base, `(f64.const ${lane === row ? 1 : 0})`, row * ROW_BYTES + lane * ELEMENT))
    }
  }

  private copyColumns(): void {
    const { scaled, reciprocals } = this.space
    this.set('$row', this.row('$c'))
    this.over('$k', get('$c'), number(this.padded * ELEMENT), () => {
      this.printer.set('$d', 'f64', numberAt(get('$k'), reciprocals))
      for (const lane of LANES) {
        const product = `(f64.mul ${numberAt(this.panelRow('$k'), lane * ELEMENT)} ${get('$d')})`
        this.printer.line(storeNumber(sum(get('$row'), get('$k')), product, scaled + lane * this.padded * ELEMENT))
      }
    })
  }

  private writeResult(isLast: boolean): void {
    const { lower } = this.space
    const { size, padded } = this
    const lanes = isLast ? LANES.slice(0, size - (padded - PANEL)) : LANES
    const own = sum(get('$result'), `(i32.mul ${get('$c')} ${number(size)})`, get('$c'))
    this.set('$target', own)
    for (const row of lanes)
      for (const lane of lanes.slice(0, row + 1)) {
        this.printer.set('$x', 'f64', numberAt(eight(get('$c')), lower + row * ROW_BYTES + lane * ELEMENT))
        this.printer.line(storeNumber(get('$target'), get('$x'), (row * size + lane) * ELEMENT))
        this.printer.line(storeNumber(get('$target'), get('$x'), (lane * size + row) * ELEMENT))
      }
    if (isLast) return
    this.over('$i', sum(get('$c'), number(ROW_BYTES)), number(size * ELEMENT), () => {
      this.set('$row', sum(get('$result'), `(i32.mul ${get('$i')} ${number(size)})`, get('$c')))
      this.set('$column', sum(get('$target'), `(i32.sub ${get('$i')} ${get('$c')})`))
      for (const lane of LANES) {
        this.printer.set('$x', 'f64', numberAt(eight(get('$i')), lower + lane * ELEMENT))
        this.printer.line(storeNumber(get('$row'), get('$x'), lane * ELEMENT))
        this.printer.line(storeNumber(get('$column'), get('$x'), lane * size * ELEMENT))
      }
    })
  }

  private startTile(): void {
    for (const v of VECTORS) {
      this.printer.set(`$a${v}`, 'v128', vectorAt(this.panelRow('$i'), 16 * v))
      this.printer.set(`$b${v}`, 'v128', vectorAt(this.panelRow('$i'), ROW_BYTES + 16 * v))
    }
  }

  private clearTile(): void {
    for (const v of VECTORS) for (const name of ['a', 'b']) this.printer.set(`$${name}${v}`, 'v128', zero)
  }

  private storeTile(): void {
    for (const v of VECTORS) {
      this.printer.line(storeVector(this.panelRow('$i'), get(`$a${v}`), 16 * v))
      this.printer.line(storeVector(this.panelRow('$i'), get(`$b${v}`), ROW_BYTES + 16 * v))
    }
  }

  private subtractProducts(row: Value, from: Value, to: Value = get('$i')): void {
    this.accumulate(row, from, to, subtract)
  }

  /** Adds to the tile, or subtracts, rows of the panel times elements of a row of the other factor and of the row after it. */
  private accumulate(row: Value, from: Value, to: Value, combine: typeof add): void {
    this.set('$k', from)
    this.set('$other', sum(row, from))
    this.set('$source', sum(get('$panel'), eight(from)))
    this.while(`(i32.lt_s ${get('$k')} ${to})`, () => {
      this.printer.set('$m0', 'v128', splatAt(get('$other')))
      this.printer.set('$m1', 'v128', splatAt(get('$other'), this.padded * ELEMENT))
      for (const v of VECTORS) {
        this.printer.set('$v', 'v128', vectorAt(get('$source'), 16 * v))
        this.printer.set(`$a${v}`, 'v128', combine(get(`$a${v}`), multiply(get('$v'), get('$m0'))))
        this.printer.set(`$b${v}`, 'v128', combine(get(`$b${v}`), multiply(get('$v'), get('$m1'))))
      }
      this.set('$other', sum(get('$other'), number(ELEMENT)))
      this.set('$source', sum(get('$source'), number(ROW_BYTES)))
      this.set('$k', sum(get('$k'), number(ELEMENT)))
    })
  }

  /** All panels in turn; the last one, which may have columns that are padding, is printed apart. */
  private overPanels(body: (isLast: boolean) => void, panels: number): void {
    const last = (this.padded - PANEL) * ELEMENT
    const place = () => this.set('$panel', sum(number(panels), `(i32.mul ${get('$c')} ${number(this.padded)})`))
    this.over(
      '$c',
      number(0),
      number(last),
      () => {
        place()
        body(false)
      },
      ROW_BYTES,
    )
    this.set('$c', number(last))
    place()
    body(true)
  }

  private overPairs(from: Value, to: Value, body: () => void): void {
    this.over('$i', from, to, body, 2 * ELEMENT)
  }

  private over(index: string, from: Value, to: Value, body: () => void, step = ELEMENT): void {
    this.set(index, from)
    this.while(`(i32.lt_s ${get(index)} ${to})`, () => {
      body()
      this.set(index, sum(get(index), number(step)))
    })
  }

  private while(condition: Value, body: () => void): void {
    const label = `$tiled${this.labels++}`
    this.printer.line(`(if ${condition} (then (loop ${label}`)
    body()
    this.printer.line(`(br_if ${label} ${condition}))))`)
  }

  private set(name: string, value: Value): void {
    this.printer.set(name, 'i32', value)
  }

  /** Bytes from the beginning of a matrix by row to that row. */
  private row(index: string): Value {
    return `(i32.mul ${get(index)} ${number(this.padded)})`
  }

  private panelRow(index: string): Value {
    return sum(get('$panel'), eight(get(index)))
  }
}
