import { userError } from '../../base/errors.ts'
import { suggestion } from '../../base/nearest.ts'
import type { ResultFormat } from '../result-writer.ts'

const formats = ['auto', 'table', 'changelog', 'json', 'csv'] as const

interface Option {
  readonly name: string
  readonly doc: string
  readonly wanted: string
  readonly isValue: (value: string) => boolean
}

const isSwitch = (value: string): boolean => value === 'on' || value === 'off'

const known: readonly Option[] = [
  {
    name: 'format',
    doc: 'how rows are shown: auto is a table, live where there is no end',
    wanted: `one of ${formats.join(', ')}`,
    isValue: (value) => formats.some((format) => format === value),
  },
  { name: 'limit', doc: 'rows of a table that are shown; 0: all', wanted: 'a whole number', isValue: (value) => /^\d{1,9}$/.test(value) },
  { name: 'timing', doc: 'whether each statement tells how long it took', wanted: 'on or off', isValue: isSwitch },
  {
    name: 'on-error',
    doc: 'what a script does at a mistake',
    wanted: 'stop or continue',
    isValue: (value) => value === 'stop' || value === 'continue',
  },
]

/** Options of the shell, and the variables that `${NAME}` stands for. */
export class ShellOptions {
  readonly #values: Map<string, string>
  readonly #defaults: ReadonlyMap<string, string>
  readonly #variables: Map<string, string>

  constructor(
    variables: ReadonlyMap<string, string>,
    { format, isPerson }: { readonly format: ResultFormat | undefined; readonly isPerson: boolean },
  ) {
    this.#defaults = new Map([
      ['format', format ?? 'auto'],
      ['limit', '40'],
      ['timing', 'off'],
      // A person sees the mistake and goes on; a script that goes on would work with what is not there.
      ['on-error', isPerson ? 'continue' : 'stop'],
    ])
    this.#values = new Map(this.#defaults)
    this.#variables = new Map(variables)
  }

  get variables(): ReadonlyMap<string, string> {
    return this.#variables
  }

  /** Undefined where it depends on the query. */
  get format(): ResultFormat | undefined {
    const format = this.#values.get('format')
    return format === 'auto' ? undefined : (format as ResultFormat)
  }

  get limit(): number {
    return Number(this.#values.get('limit'))
  }

  get isTiming(): boolean {
    return this.#values.get('timing') === 'on'
  }

  get stopsOnError(): boolean {
    return this.#values.get('on-error') === 'stop'
  }

  /** @returns What the user should know about it. */
  set(name: string, value: string): string | undefined {
    const option = known.find((each) => each.name === name.toLowerCase())
    if (option === undefined) {
      if (!/^[A-Za-z_]\w*$/.test(name)) {
        const names = known.map((each) => each.name)
        throw userError(
          'shell/operand',
          `Cannot set "${name}": wanted is ${names.join(', ')}, or the name of a variable${suggestion(name, names)}`,
        )
      }
      this.#variables.set(name, value)
      const near = suggestion(
        name,
        known.map((each) => each.name),
      )
      return near === '' ? undefined : `\${${name}} is "${value}" now${near}`
    }
    if (!option.isValue(value)) throw userError('shell/operand', `Cannot set "${option.name}": found "${value}", wanted ${option.wanted}`)
    this.#values.set(option.name, value)
    return undefined
  }

  unset(name: string): void {
    const value = this.#defaults.get(name)
    if (value !== undefined) this.#values.set(name, value)
    else if (!this.#variables.delete(name))
      throw userError('shell/operand', `Cannot unset "${name}": there is no such variable${suggestion(name, this.#variables.keys())}`)
  }

  /** Names, values and meanings. */
  list(): readonly (readonly [string, string, string])[] {
    return [
      ...known.map(({ name, doc }) => [name, this.#values.get(name) ?? '', doc] as const),
      ...[...this.#variables].map(([name, value]) => [name, value, `what \${${name}} stands for`] as const),
    ]
  }
}
