import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { ArenaOwner, arenaOfThread } from '../../data/arena.ts'
import { BatchBuffer } from '../../data/batch-buffer.ts'
import { ByteReader, ByteSink } from '../../data/byte-sink.ts'
import { readCell, writeCell } from '../../data/cells.ts'
import { types, type SqlType } from '../../data/types.ts'
import type { SqlValue } from '../../data/value.ts'
import type { Accumulator } from './accumulator.ts'
import { retractableArrival } from './first-last.ts'
import { newGroupLines, newGroupRows } from './group-rows.ts'
import { arrayForm, listAccumulator, textForm } from './lists.ts'

const arena = arenaOfThread()
const GROUPS = 4
const OFFSET = 8
const LINE_BYTES = 16
const ROOM = 32

const kinds: readonly (readonly [SqlType, fc.Arbitrary<SqlValue>])[] = [
  [types.bigint(), fc.option(fc.bigInt(0n, 3n))],
  [types.string(), fc.option(fc.constantFrom('', 'a', 'ä', 'a text that is longer than others'.repeat(5)))],
  [types.array(types.integer()), fc.option(fc.constantFrom<SqlValue>([], [1, null], [2]))],
]

interface Subject {
  readonly name: string
  readonly make: (owner: ArenaOwner, type: SqlType, input: 'appending' | 'changing') => Accumulator
  readonly outputType: (type: SqlType) => SqlType
  readonly keepsNull: boolean
  readonly result: (values: readonly SqlValue[]) => SqlValue
}

const place = { offset: OFFSET, column: 0 }
const subjects: readonly Subject[] = [
  {
    name: 'ARRAY_AGG',
    make: (owner, type, input) => listAccumulator(owner, type, place, { form: arrayForm, input }),
    outputType: (type) => types.array(type),
    keepsNull: true,
    result: (values) => (values.length === 0 ? null : values),
  },
  {
    name: 'LISTAGG',
    make: (owner, type, input) => listAccumulator(owner, type, place, { form: textForm(', '), input }),
    outputType: (type) => type,
    keepsNull: false,
    result: (values) => (values.length === 0 ? null : values.join(', ')),
  },
  ...(['first', 'last'] as const).map((which): Subject => ({
    name: `${which} value`,
    make: (owner, type) => retractableArrival(owner, type, place, which),
    outputType: (type) => type,
    keepsNull: false,
    result: (values) => values.at(which === 'first' ? 0 : -1) ?? null,
  })),
]

for (const [type, value] of kinds) {
  for (const input of ['appending', 'changing'] as const) {
    for (const { name, make, outputType, keepsNull, result } of subjects) {
      if (name === 'LISTAGG' && type.kind !== 'VARCHAR') continue
      if (name.endsWith('value') && input === 'appending') continue
      // Goal: what is kept, in which order, and what is written of it, are those of plain lists; of equal values the first one goes.
      // Method: random rows in batches, single values, cleared and merged groups and a copy by snapshot against arrays.
      test(`${name} of ${type.kind} follows values that come${input === 'changing' ? ' and go' : ''}`, () => {
        const sign = input === 'changing' ? fc.constantFrom(1, 1, -1) : fc.constant(1)
        const row = fc.record({ id: fc.nat(GROUPS - 1), value, sign })
        const step = fc.oneof(
          { weight: 5, arbitrary: fc.record({ rows: fc.array(row, { maxLength: ROOM }) }) },
          { weight: 2, arbitrary: fc.record({ single: row }) },
          { weight: 1, arbitrary: fc.record({ cleared: fc.nat(GROUPS - 1) }) },
          { weight: 1, arbitrary: fc.record({ merged: fc.tuple(fc.nat(GROUPS - 2), fc.constant(GROUPS - 1)) }) },
        )
        const property = fc.property(fc.array(step, { maxLength: 12 }), (steps) => {
          const before = arena.usedBytes
          const owner = new ArenaOwner(arena, 'test')
          const newLines = (): number => {
            const lines = owner.allocate(LINE_BYTES * GROUPS)
            arena.kernels.clearBytes(lines, LINE_BYTES * GROUPS)
            return lines
          }
          const lines = newLines()
          const lineOf = (id: number): number => lines + id * LINE_BYTES
          const accumulator = make(owner, type, input)
          const models = Array.from({ length: GROUPS }, (): SqlValue[] => [])
          const change = (id: number, each: SqlValue, by: number): void => {
            if (each === null && !keepsNull) return
            const model = models[id]!
            if (by > 0) model.push(each)
            else {
              const text = JSON.stringify(String(each))
              const at = model.findIndex((other) => (other === null) === (each === null) && JSON.stringify(String(other)) === text)
              if (at >= 0) model.splice(at, 1)
            }
          }
          const buffer = new BatchBuffer(owner, [type], ROOM)
          const column = buffer.batch.columns[0]!
          const rows = newGroupRows(owner, ROOM)
          for (const each of steps) {
            if ('cleared' in each) {
              accumulator.clear!(each.cleared, lineOf(each.cleared))
              arena.kernels.clearBytes(lineOf(each.cleared), LINE_BYTES)
              models[each.cleared] = []
            } else if ('merged' in each) {
              const [id, other] = each.merged
              accumulator.merge(id, lineOf(id), other, lineOf(other))
              models[id]!.push(...models[other]!)
            } else if ('single' in each) {
              const { id, value: single, sign: by } = each.single
              accumulator.add(id, lineOf(id), single, by)
              change(id, single, by)
            } else {
              buffer.clear()
              each.rows.forEach(({ id, value: cell, sign: by }, i) => {
                writeCell(buffer, column, i, cell)
                rows.rows[i] = i
                rows.ids[i] = id
                rows.lines[i] = lineOf(id)
                rows.signs[i] = by
                change(id, cell, by)
              })
              buffer.batch.rowCount = each.rows.length
              rows.batch = buffer.batch
              rows.count = each.rows.length
              accumulator.update(rows)
            }
          }

          const output = new BatchBuffer(owner, [outputType(type), outputType(type)], GROUPS)
          const written = (from: Accumulator, at: number): readonly SqlValue[][] => {
            output.clear()
            const [single, all] = output.batch.columns as [(typeof output.batch.columns)[0], (typeof output.batch.columns)[0]]
            const groups = newGroupLines(owner, GROUPS)
            for (let id = 0; id < GROUPS; id++) {
              groups.ids[id] = id
              groups.lines[id] = at + id * LINE_BYTES
              from.write(id, groups.lines[id]!, { buffer: output, column: single, row: id })
            }
            from.writeAll?.(groups, { buffer: output, column: all, from: 0, to: GROUPS, first: 0, step: 1 })
            const columns = from.writeAll === undefined ? [single] : [single, all]
            return columns.map((each) => Array.from({ length: GROUPS }, (_, id) => readCell(arena, each, id)))
          }
          const expected = models.map((model) => result(model))
          for (const column of written(accumulator, lines)) assert.deepEqual(column, expected)

          const copyLines = newLines()
          const copy = make(owner, type, input)
          for (let id = 0; id < GROUPS; id++) {
            const sink = new ByteSink()
            accumulator.save(id, lineOf(id), sink)
            copy.load(id, copyLines + id * LINE_BYTES, new ByteReader(sink.toBytes()))
            // Whatever is left can be taken back.
            if (input === 'changing') for (const each of models[id]!) accumulator.add(id, lineOf(id), each, -1)
          }
          for (const column of written(copy, copyLines)) assert.deepEqual(column, expected)
          if (input === 'changing') assert.deepEqual(new Set(written(accumulator, lines)[0]), new Set([null]))
          owner.close()
          assert.equal(arena.usedBytes, before)
        })
        fc.assert(property, { numRuns: 60 })
      })
    }
  }
}
