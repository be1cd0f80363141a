import type { SqlType } from '../data/types.ts'
import { types, withNullability } from '../data/types.ts'
import { isBinary, isInteger, isNumeric, isText } from './coercion.ts'
import type { ArgInfo, ResolvedCall } from './function.ts'

/** What one argument may be: the type that it is cast to, or undefined when it may not stand there. */
export interface Parameter {
  /** "a text": completes "... as argument 1" in messages. */
  readonly wanted: string
  readonly accept: (arg: ArgInfo) => SqlType | undefined
}

/** Any CHAR or VARCHAR, as it is. */
export const text: Parameter = {
  wanted: 'a text',
  accept: ({ type }) => (isText(type) ? type : type.kind === 'NULL' ? types.string() : undefined),
}

/** TINYINT to INT, widened to INT; a BIGINT is cut. */
export const integer: Parameter = {
  wanted: 'an integer',
  accept: ({ type }) => (isInteger(type) || type.kind === 'NULL' ? types.integer(type.nullable) : undefined),
}

/** Any integer, widened to BIGINT. */
export const bigint: Parameter = {
  wanted: 'an integer',
  accept: ({ type }) => (isInteger(type) || type.kind === 'NULL' ? types.bigint(type.nullable) : undefined),
}

/** Any number, as it is. */
export const numeric: Parameter = {
  wanted: 'a number',
  accept: ({ type }) => (isNumeric(type) ? type : type.kind === 'NULL' ? types.integer() : undefined),
}

/** Any number, as DOUBLE. */
export const double: Parameter = {
  wanted: 'a number',
  accept: ({ type }) => (isNumeric(type) || type.kind === 'NULL' ? types.double(type.nullable) : undefined),
}

export const boolean: Parameter = {
  wanted: 'a BOOLEAN',
  accept: ({ type }) => (type.kind === 'BOOLEAN' || type.kind === 'NULL' ? types.boolean(type.nullable) : undefined),
}

/** Any BINARY or VARBINARY, as it is. */
export const binary: Parameter = {
  wanted: 'bytes',
  accept: ({ type }) => (isBinary(type) ? type : type.kind === 'NULL' ? types.bytes() : undefined),
}

/** A text or bytes, as it is. */
export const textOrBinary: Parameter = {
  wanted: 'a text or bytes',
  accept: (arg) => (isBinary(arg.type) ? arg.type : text.accept(arg)),
}

/** Anything, as it is. */
export const any: Parameter = {
  wanted: 'a value',
  accept: ({ type }) => type,
}

export interface Signature {
  readonly parameters: readonly Parameter[]
  /** How many of the parameters, from the end, may be left out. */
  readonly optional?: number
  /** Repeats the last parameter without end. */
  readonly isVariadic?: boolean
  /** The result's type, from the types that the arguments are cast to; its nullability is replaced by that of the arguments unless `nullable` says more. */
  readonly returns: SqlType | ((argTypes: readonly SqlType[], args: readonly ArgInfo[]) => SqlType)
  /** `arguments` (the default): nullable when an argument is; `always`: nullable though no argument is; `own`: as `returns` says. */
  readonly nullable?: 'arguments' | 'always' | 'own'
}

/** A `resolve` for a function with a list of parameters. */
export function signature(shape: Signature): (args: readonly ArgInfo[]) => ResolvedCall | string {
  const { parameters, optional = 0, isVariadic = false, returns, nullable = 'arguments' } = shape
  return (args) => {
    if (args.length < parameters.length - optional || (!isVariadic && args.length > parameters.length)) return 'count'
    const argTypes: SqlType[] = []
    for (const [i, arg] of args.entries()) {
      const parameter = parameters[Math.min(i, parameters.length - 1)]!
      const type = parameter.accept(arg)
      if (type === undefined) return `${parameter.wanted} as argument ${i + 1}`
      argTypes.push(type)
    }
    const type = typeof returns === 'function' ? returns(argTypes, args) : returns
    if (nullable === 'own') return { type, argTypes }
    return { type: withNullability(type, nullable === 'always' || argTypes.some((argType) => argType.nullable)), argTypes }
  }
}

/** Tries one signature after another; the message is that of the last whose number of arguments fits. */
export function firstOf(
  ...resolves: readonly ((args: readonly ArgInfo[]) => ResolvedCall | string)[]
): (args: readonly ArgInfo[]) => ResolvedCall | string {
  return (args) => {
    let message = 'count'
    for (const resolve of resolves) {
      const result = resolve(args)
      if (typeof result !== 'string') return result
      if (result !== 'count') message = result
    }
    return message
  }
}
