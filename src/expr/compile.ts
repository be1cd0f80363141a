import { assert, unreachable } from '../base/assert.ts'
import { ByteSink } from '../data/byte-sink.ts'
import { type Column, layoutBytes, layoutOf } from '../data/column.ts'
import { encodeValue, floorMs } from '../data/row-encoding.ts'
import type { SqlType } from '../data/types.ts'
import { utf8Bytes } from '../data/utf8.ts'
import type { SqlValue } from '../data/value.ts'
import { type CallSites, type LoopCallSite, callStatus } from './call-sites.ts'
import { emitCast } from './compiled/cast.ts'
import { compiledForms } from './compiled/index.ts'
import type { CompiledForm, FormCall } from './compiled-form.ts'
import type { Emitter, Fragment, Label } from './emitter.ts'
import type { Expr } from './expr.ts'
import { anyNull, assign, loadCell, nullFragment, resultFragment, resultLocals, storeCell, withNull } from './fragment-memory.ts'
import type { InputPaths } from './input-paths.ts'
import { lookupFunction } from './registry.ts'
import { type Code, type Operand, f32, f64, i32, i64, load, op } from './wasm-code.ts'

type ExprOf<K extends Expr['kind']> = Extract<Expr, { kind: K }>

/** Addresses of an input path, in locals; `nulls` is undefined when no row of the batch is NULL there. */
export interface InputColumn {
  readonly cells: Operand
  readonly nulls: Operand | undefined
}

export interface CompilerOptions {
  readonly emit: Emitter
  readonly paths: InputPaths
  readonly columns: readonly InputColumn[]
  readonly sites: CallSites
  /** How many columns the input has; columns behind them are slots. */
  readonly inputCount: number
}

/**
 * Emits typed expressions, each into locals. One object a loop, for it remembers what the row's code has computed already: an equal
 * expression is computed once where the first place always runs before the second.
 */
export class ExpressionCompiler {
  /** Canonical names of functions; CAST appears as such. */
  readonly compiled = new Set<string>()
  called = new Set<string>()
  readonly slots: (Fragment | undefined)[] = []
  readonly #emit: Emitter
  readonly #options: CompilerOptions
  /** What is known to be computed: the innermost block last. */
  #scopes: Map<string, Fragment>[] = [new Map()]
  readonly #keys = new WeakMap<Expr, string | undefined>()

  constructor(options: CompilerOptions) {
    this.#emit = options.emit
    this.#options = options
  }

  /** The value of an expression for the row at hand. */
  value(expr: Expr): Fragment {
    const key = this.#keyOf(expr)
    if (key !== undefined) {
      for (const scope of this.#scopes) {
        const known = scope.get(key)
        if (known !== undefined) return known
      }
    }
    const fragment = this.#compute(expr)
    if (key !== undefined) this.#scopes.at(-1)!.set(key, fragment)
    return fragment
  }

  /** Goes on behind a filter: leaves the row for `skipped` unless the condition is TRUE. */
  filter(condition: Expr, skipped: Label): void {
    const emit = this.#emit
    if (condition.kind !== 'and') {
      const { isNull, value } = this.value(condition)
      emit.branchIf(skipped, op('i32.eqz', value[0]!))
      if (isNull !== undefined) emit.branchIf(skipped, isNull)
      return
    }
    // FALSE and NULL both drop the row; but behind a NULL an operand may still fail the row, so there only FALSE goes on at once.
    const nulls: { isNull: Operand }[] = []
    condition.args.forEach((arg, i) => {
      if (condition.args.slice(i + 1).every((rest) => isHarmless(rest))) {
        this.filter(arg, skipped)
        return
      }
      const { isNull, value } = this.value(arg)
      const isFalse = op('i32.eqz', value[0]!)
      emit.branchIf(skipped, isNull === undefined ? isFalse : op('i32.and', isFalse, op('i32.eqz', isNull)))
      if (isNull !== undefined) nulls.push({ isNull })
    })
    const someNull = anyNull(emit, nulls)
    if (someNull !== undefined) emit.branchIf(skipped, someNull)
  }

  /** Emits code that does not always run: what it computes is not known behind it. */
  #inScope<T>(body: () => T): T {
    const depth = this.#scopes.push(new Map())
    const result = body()
    this.#scopes.length = depth - 1
    return result
  }

  #compute(expr: Expr): Fragment {
    switch (expr.kind) {
      case 'literal':
        return this.#literal(expr.type, expr.value)
      case 'column':
        return this.#column(expr)
      case 'field':
        return this.#field(expr)
      case 'and':
      case 'or':
        return this.#decided(expr)
      case 'case':
        return this.#case(expr)
      case 'coalesce':
        return this.#coalesce(expr)
      case 'cast':
        return this.#cast(expr)
      case 'call':
        return this.#call(expr)
      case 'outer':
      case 'subquery':
        assert(false, 'queries inside of expressions are gone from a finished plan')
        break
      default:
        return unreachable(expr)
    }
  }

  #literal(type: SqlType, value: SqlValue): Fragment {
    if (value === null) return nullFragment(type)
    const constant = (operand: Operand): Fragment => ({ isNull: undefined, value: [operand] })
    switch (layoutOf(type)) {
      case 'i8':
        return constant(i32(Number(value)))
      case 'i16':
      case 'i32':
        return constant(i32(value as number))
      case 'i64':
        return constant(i64(isTimestamp(type) ? floorMs(value as bigint) : (value as bigint)))
      case 'i128': {
        const low = BigInt.asIntN(64, value as bigint)
        return { isNull: undefined, value: [i64(low), i64((value as bigint) >> 64n)], isNarrow: low === value }
      }
      case 'ts': {
        const ms = floorMs(value as bigint)
        return { isNull: undefined, value: [i64(ms), i32(Number((value as bigint) - ms * 1_000_000n))] }
      }
      case 'f32':
        return constant(f32(value as number))
      case 'f64':
        return constant(f64(value as number))
      case 'bytes': {
        const bytes = bytesOf(type, value)
        return { isNull: undefined, value: [i32(this.#options.sites.constantBytes(bytes)), i32(bytes.length)], bytes }
      }
      case 'row': {
        assert(type.kind === 'ROW', 'only ROW has the layout of rows')
        const fields = type.fields.map((field, i) => this.#literal(field.type, (value as readonly SqlValue[])[i]!))
        return { isNull: undefined, value: [], fields }
      }
    }
  }

  #column(expr: ExprOf<'column'>): Fragment {
    const slot = expr.index - this.#options.inputCount
    if (slot < 0) return this.#input([expr.index], undefined)
    const fragment = this.slots[slot]
    assert(fragment !== undefined, 'a slot is computed before it is read')
    return fragment
  }

  #field(expr: ExprOf<'field'>): Fragment {
    const path = this.#options.paths.pathOf(expr)
    if (path === undefined) return this.value(expr.base).fields![expr.index]!
    let isNull: Operand | undefined
    for (let length = 1; length < path.length; length++)
      isNull = anyNull(this.#emit, [{ isNull }, { isNull: this.#mask(path.slice(0, length)) }])
    return this.#input(path, isNull)
  }

  /** Reads a column of the input. `outerNull`: 1 where a row around it is NULL. */
  #input(path: readonly number[], outerNull: Operand | undefined): Fragment {
    const { paths, columns } = this.#options
    const isNull = anyNull(this.#emit, [{ isNull: outerNull }, { isNull: this.#mask(path) }])
    const type = paths.typeOf(path)
    if (type.kind === 'ROW') return { isNull, value: [], fields: type.fields.map((_, i) => this.#input([...path, i], isNull)) }
    return loadCell(this.#emit, layoutOf(type), columns[paths.indexOf(path)]!.cells, this.#emit.row, isNull)
  }

  #mask(path: readonly number[]): Operand | undefined {
    const { nulls } = this.#options.columns[this.#options.paths.indexOf(path)]!
    return nulls === undefined ? undefined : this.#emit.bind(load('i32.load8_u', op('i32.add', nulls, this.#emit.row)))
  }

  /** AND is decided by FALSE, OR by TRUE; else one NULL makes the result NULL. */
  #decided(expr: ExprOf<'and' | 'or'>): Fragment {
    const emit = this.#emit
    const decides = expr.kind === 'or'
    if (expr.args.slice(1).every((arg) => isHarmless(arg))) {
      const args = expr.args.map((arg) => this.value(arg))
      const deciding = args.map(({ isNull, value }): Code => {
        const matches = decides ? value[0]! : op('i32.eqz', value[0]!)
        return isNull === undefined ? matches : op('i32.and', matches, op('i32.eqz', isNull))
      })
      const isDecided = emit.bind(deciding.reduce((all, one) => op('i32.or', all, one)))
      const someNull = anyNull(emit, args)
      return {
        isNull: someNull === undefined ? undefined : emit.bind(op('i32.and', someNull, op('i32.eqz', isDecided))),
        value: [decides ? isDecided : emit.bind(op('i32.eqz', isDecided))],
      }
    }
    const result = resultLocals(emit, expr.type)
    const fragments: Fragment[] = []
    emit.block((decided) => {
      emit.set(result.isNull, i32(0))
      emit.set(result.value[0]!, i32(decides ? 1 : 0))
      const someNull = emit.local('i32')
      emit.set(someNull, i32(0))
      const operand = (arg: Expr): void => {
        const { isNull, value } = this.value(arg)
        fragments.push({ isNull, value })
        const matches = decides ? value[0]! : op('i32.eqz', value[0]!)
        emit.branchIf(decided, isNull === undefined ? matches : op('i32.and', matches, op('i32.eqz', isNull)))
        if (isNull !== undefined) emit.set(someNull, op('i32.or', someNull, isNull))
      }
      operand(expr.args[0]!)
      this.#inScope(() => expr.args.slice(1).forEach(operand))
      emit.set(result.isNull, someNull)
      emit.set(result.value[0]!, i32(decides ? 0 : 1))
    })
    return resultFragment(result, fragments)
  }

  #case(expr: ExprOf<'case'>): Fragment {
    const emit = this.#emit
    const result = resultLocals(emit, expr.type)
    const sources: Fragment[] = []
    const take = (value: Expr): void => {
      const fragment = this.value(value)
      assign(emit, result, fragment)
      sources.push(fragment)
    }
    // The branches nest, so that a condition that was evaluated is known in all later ones.
    const branch = (index: number): void => {
      const next = expr.branches[index]
      if (next === undefined) {
        take(expr.otherwise)
        return
      }
      const { isNull, value } = this.value(next.when)
      const isTrue = isNull === undefined ? value[0]! : op('i32.and', value[0]!, op('i32.eqz', isNull))
      emit.if(
        isTrue,
        () => this.#inScope(() => take(next.then)),
        () => this.#inScope(() => branch(index + 1)),
      )
    }
    branch(0)
    return resultFragment(result, sources)
  }

  #coalesce(expr: ExprOf<'coalesce'>): Fragment {
    const emit = this.#emit
    const first = this.value(expr.args[0]!)
    if (first.isNull === undefined || expr.args.length === 1) return first
    const result = resultLocals(emit, expr.type)
    const sources = [first]
    let isNeverNull = false
    assign(emit, result, first)
    const next = (index: number): void => {
      const arg = expr.args[index]
      if (arg === undefined) return
      emit.if(result.isNull, () =>
        this.#inScope(() => {
          const fragment = this.value(arg)
          assign(emit, result, fragment)
          sources.push(fragment)
          if (fragment.isNull === undefined) isNeverNull = true
          else next(index + 1)
        }),
      )
    }
    next(1)
    const fragment = resultFragment(result, sources)
    return isNeverNull ? { ...fragment, isNull: undefined } : fragment
  }

  #cast(expr: ExprOf<'cast'>): Fragment {
    const { arg, type, mode } = expr
    const value = this.value(arg)
    if (value.isNull?.constant === 1) return nullFragment(type)
    const call = { ...this.#formCall(expr, [arg], [value]), from: arg.type, mode }
    return this.#emitted('CAST', 'guarded', [value], call, (args) => emitCast(this.#emit, args[0]!, call))
  }

  #call(expr: ExprOf<'call'>): Fragment {
    const args = expr.args.map((arg) => this.value(arg))
    const form = compiledForms.get(expr.name)
    const call = this.#formCall(expr, expr.args, args)
    return this.#emitted(expr.name, form?.nulls ?? 'custom', args, call, (known) => form?.emit(this.#emit, known, call))
  }

  #formCall(expr: ExprOf<'call' | 'cast'>, operands: readonly Expr[], args: readonly Fragment[]): FormCall {
    return {
      argTypes: operands.map((arg) => arg.type),
      type: expr.type,
      literals: operands.map((arg) => (arg.kind === 'literal' ? arg.value : undefined)),
      timeZone: this.#options.sites.timeZone,
      callOut: () => {
        this.called.add(expr.kind === 'cast' ? 'CAST' : expr.name)
        return this.#callOut(expr, args)
      },
      constantBytes: (bytes) => i32(this.#options.sites.constantBytes(bytes)),
    }
  }

  /** Emits a form, or where it has none for these types a call of the interpreter's function. */
  #emitted(
    name: string,
    nulls: CompiledForm['nulls'],
    args: readonly Fragment[],
    call: FormCall,
    form: (args: readonly Fragment[]) => Fragment | undefined,
  ): Fragment {
    const mark = this.#emit.mark()
    const calledBefore = new Set(this.called)
    const emitted = nulls === 'guarded' ? this.#guarded(args, call.type, form) : form(args)
    if (emitted !== undefined) {
      this.compiled.add(name)
      return nulls === 'total' ? withNull(this.#emit, emitted, anyNull(this.#emit, args)) : emitted
    }
    this.#emit.rollBack(mark)
    this.called = calledBefore
    return call.callOut()
  }

  /** Emits a form so that it runs only where no argument is NULL. */
  #guarded(args: readonly Fragment[], type: SqlType, form: (args: readonly Fragment[]) => Fragment | undefined): Fragment | undefined {
    const emit = this.#emit
    const isNull = anyNull(emit, args)
    const known = args.map((fragment): Fragment => ({ ...fragment, isNull: undefined }))
    if (isNull === undefined) return form(known)
    const result = resultLocals(emit, type)
    let fragment: Fragment | undefined
    emit.if(
      op('i32.eqz', isNull),
      () => {
        fragment = form(known)
        if (fragment !== undefined) assign(emit, result, fragment)
      },
      () => assign(emit, result, nullFragment(type)),
    )
    return fragment === undefined ? undefined : resultFragment(result, [fragment, nullFragment(type)])
  }

  /** Calls the interpreter's function: arguments go to the frame of the site, the result comes from its cell. */
  #callOut(expr: ExprOf<'call' | 'cast'>, args: readonly Fragment[]): Fragment {
    const site = this.#options.sites.site(expr, this.#options.inputCount)
    if (!site.isStrict) return this.#callSite(site, args)
    return this.#guarded(args, expr.type, (known) => this.#callSite(site, known))!
  }

  #callSite(site: LoopCallSite, args: readonly Fragment[]): Fragment {
    const emit = this.#emit
    args.forEach((fragment, i) => {
      const arg = site.args[i]!
      if (arg.kind === 'frame') this.#storeFrame(arg.column, fragment)
    })
    const status = emit.local('i32')
    const call = (): void => {
      emit.set(status, emit.call('rheo', 'call', 'i32', i32(site.index), emit.row))
      emit.failIf(op('i32.eq', status, i32(callStatus.failed)))
    }
    if (site.memo === undefined) {
      call()
      return withNull(emit, this.#loadFrame(site.result), status)
    }
    // The cell is that of the site, or that of the memo.
    const cell = emit.local('i32')
    const slot = emit.bind(
      emit.call('kernels', 'memoFind', 'i32', i32(site.memo.calls.address), ...this.#keyRun(site, site.memo.argument, args)),
    )
    emit.if(
      slot,
      () => {
        emit.set(status, load('i32.load', slot, memoSlot.status))
        emit.set(cell, op('i32.add', slot, i32(memoSlot.cell)))
      },
      () => {
        call()
        emit.set(cell, i32(site.result.cells))
      },
    )
    return withNull(emit, loadCell(emit, site.result.layout, cell, i32(0), undefined), status)
  }

  /** Where the bytes lie on which a result depends: those of a text, or else the cell. */
  #keyRun(site: LoopCallSite, argument: number, args: readonly Fragment[]): readonly Code[] {
    const arg = site.args[argument]!
    const fragment = args[argument]!
    if (arg.kind === 'frame')
      return arg.column.layout === 'bytes' ? fragment.value : [i32(arg.column.cells), i32(layoutBytes(arg.column.layout))]
    assert(arg.kind === 'column', 'a literal is no key')
    const { paths, columns } = this.#options
    const layout = layoutOf(paths.typeOf([arg.index]))
    if (layout === 'bytes') return fragment.value
    const size = layoutBytes(layout)
    return [op('i32.add', columns[paths.indexOf([arg.index])]!.cells, op('i32.mul', this.#emit.row, i32(size))), i32(size)]
  }

  #storeFrame(column: Column, fragment: Fragment): void {
    this.#emit.store('i32.store8', i32(column.nulls), fragment.isNull ?? i32(0))
    storeCell(this.#emit, column.layout, i32(column.cells), i32(0), fragment)
    column.children.forEach((child, i) => this.#storeFrame(child, fragment.fields![i]!))
  }

  /** The cell of a result, whose own null mask is what the call returns. */
  #loadFrame(column: Column): Fragment {
    if (column.layout !== 'row') return loadCell(this.#emit, column.layout, i32(column.cells), i32(0), undefined)
    const fields = column.children.map((child) => {
      const isNull = this.#emit.bind(load('i32.load8_u', i32(child.nulls)))
      return withNull(this.#emit, this.#loadFrame(child), isNull)
    })
    return { isNull: undefined, value: [], fields }
  }

  /** Equal keys are equal expressions with one value a row; undefined for what must be computed at each place. */
  #keyOf(expr: Expr): string | undefined {
    if (this.#keys.has(expr)) return this.#keys.get(expr)
    const key = this.#makeKey(expr)
    this.#keys.set(expr, key)
    return key
  }

  #makeKey(expr: Expr): string | undefined {
    const list = (args: readonly Expr[]): string | undefined => {
      const keys = args.map((arg) => this.#keyOf(arg))
      return keys.includes(undefined) ? undefined : keys.join(' ')
    }
    const around = (head: string, args: readonly Expr[]): string | undefined => {
      const inner = list(args)
      return inner === undefined || inner.length > MAX_KEY_LENGTH ? undefined : `(${head} ${inner})`
    }
    switch (expr.kind) {
      case 'literal':
        return literalKey(expr)
      case 'column':
        return `#${expr.index}`
      case 'field':
        return around(`.${expr.index}`, [expr.base])
      case 'and':
      case 'or':
      case 'coalesce':
        return around(expr.kind, expr.args)
      case 'case':
      case 'outer':
      case 'subquery':
        return undefined
      case 'cast':
        return around(`${expr.mode} ${typeKey(expr.type)}`, [expr.arg])
      case 'call':
        if (lookupFunction(expr.name)?.isDeterministic === false) return undefined
        return around(`${JSON.stringify(expr.name)} ${typeKey(expr.type)}`, expr.args)
      default:
        return unreachable(expr)
    }
  }
}

/** Offsets in a slot of `kernels/memo.ts`. */
const memoSlot = { status: 16, cell: 24 } as const

const MAX_KEY_LENGTH = 2000
const typeKey = (type: SqlType): string => JSON.stringify(type)

function literalKey({ type, value }: ExprOf<'literal'>): string | undefined {
  if (typeof value === 'object' && value !== null) return undefined
  const text = Object.is(value, -0) ? '-0' : typeof value === 'string' ? JSON.stringify(value) : String(value)
  return `(${typeKey(type)} ${text})`
}

/** Whether an expression is cheap and can neither fail nor be noticed, so that it may be evaluated where SQL would not. */
function isHarmless(expr: Expr): boolean {
  switch (expr.kind) {
    case 'literal':
    case 'column':
      return true
    case 'field':
      return isHarmless(expr.base)
    case 'and':
    case 'or':
      return expr.args.every(isHarmless)
    case 'case':
    case 'coalesce':
    case 'cast':
    case 'outer':
    case 'subquery':
      return false
    case 'call':
      return (
        (compiledForms.get(expr.name)?.nulls === 'total' || harmlessFunctions.has(expr.name)) &&
        expr.args.every((arg) => layoutOf(arg.type) !== 'bytes' && isHarmless(arg))
      )
    default:
      return unreachable(expr)
  }
}

/** Forms that see NULLs, and are as harmless as the total ones. */
const harmlessFunctions = new Set([
  'IS NULL',
  'IS NOT NULL',
  'IS TRUE',
  'IS NOT TRUE',
  'IS FALSE',
  'IS NOT FALSE',
  'IS UNKNOWN',
  'IS NOT UNKNOWN',
])

function isTimestamp(type: SqlType): boolean {
  return type.kind === 'TIMESTAMP' || type.kind === 'TIMESTAMP_LTZ'
}

function bytesOf(type: SqlType, value: SqlValue): Uint8Array {
  if (typeof value === 'string') return utf8Bytes(value)
  if (value instanceof Uint8Array) return value
  const sink = new ByteSink(64)
  encodeValue(type, value, sink)
  return sink.toBytes()
}
