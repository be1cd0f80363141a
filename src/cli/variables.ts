import type { Position } from '../base/errors.ts'
import { RheoError } from '../base/errors.ts'
import { suggestion } from '../base/nearest.ts'

/** A script with its `${NAME}`s replaced, and the way back from places in it to places in the file. */
export interface ExpandedScript {
  readonly text: string
  /** The same error with its place as the file has it. */
  inFile(error: unknown): unknown
}

interface Replacement {
  /** Where the value stands in the expanded text, and where `${NAME}` stood in the file. */
  readonly at: number
  readonly length: number
  readonly fileAt: number
  readonly fileLength: number
}

/**
 * Replaces each `${NAME}` by its value.
 *
 * @throws {RheoError} `cli/unknown-variable` at its place when no value was given.
 */
export function expandVariables(file: string, source: string, values: ReadonlyMap<string, string>): ExpandedScript {
  const replacements: Replacement[] = []
  let text = ''
  let end = 0
  for (const match of file.matchAll(/\$\{([A-Za-z_]\w*)\}/g)) {
    const name = match[1] ?? ''
    const value = values.get(name)
    if (value === undefined) {
      const position = positionAt(file, match.index, match[0].length)
      throw new RheoError(
        `Cannot replace "\${${name}}": no value was given, wanted is --var ${name}=VALUE${suggestion(name, values.keys())}`,
        {
          code: 'cli/unknown-variable',
          domain: 'user',
          place: { source, position },
        },
      )
    }
    text += file.slice(end, match.index)
    replacements.push({ at: text.length, length: value.length, fileAt: match.index, fileLength: match[0].length })
    text += value
    end = match.index + match[0].length
  }
  text += file.slice(end)
  return {
    text,
    inFile(error) {
      const position = error instanceof RheoError ? error.place?.position : undefined
      if (!(error instanceof RheoError) || position === undefined || replacements.length === 0) return error
      const start = fileOffset(replacements, position.offset, 'start')
      const stop = fileOffset(replacements, position.offset + position.length, 'end')
      const mapped = positionAt(file, start, Math.max(1, stop - start))
      return new RheoError(error.message, {
        code: error.code,
        domain: error.domain,
        cause: error.cause,
        place: { ...error.place, position: mapped },
      })
    },
  }
}

function fileOffset(replacements: readonly Replacement[], offset: number, side: 'start' | 'end'): number {
  let shift = 0
  for (const { at, length, fileAt, fileLength } of replacements) {
    if (offset < at || (side === 'start' && offset === at && length === 0)) break
    if (offset < at + length || (side === 'end' && offset === at + length && length > 0))
      return side === 'start' ? fileAt : fileAt + fileLength
    shift = fileAt + fileLength - (at + length)
  }
  return offset + shift
}

function positionAt(text: string, offset: number, length: number): Position {
  const before = text.slice(0, offset)
  const lineStart = before.lastIndexOf('\n') + 1
  return { offset, length, line: before.split('\n').length, column: offset - lineStart + 1 }
}
