import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { snappyCompress, snappyDecompress } from './snappy.ts'

const repetitive = fc
  .array(fc.tuple(fc.uint8Array({ minLength: 1, maxLength: 12 }), fc.integer({ min: 1, max: 400 })), { maxLength: 8 })
  .map((parts) => Buffer.concat(parts.flatMap(([bytes, times]) => Array.from({ length: times }, () => Buffer.from(bytes)))))

test('what was compressed comes back, whatever it is', () => {
  fc.assert(
    fc.property(fc.oneof(fc.uint8Array({ maxLength: 300 }), repetitive), (bytes) => {
      const back = snappyDecompress(snappyCompress(bytes), bytes.length)
      assert.ok(back !== undefined && Buffer.compare(back, bytes) === 0)
    }),
  )
})

test('more than one block, and bytes that do not compress', () => {
  const many = Uint8Array.from({ length: 200_000 }, (_, i) => (i * i * 2654435761) >>> 24)
  assert.deepEqual(snappyDecompress(snappyCompress(many), many.length), many)
  const zeros = new Uint8Array(200_000)
  assert.ok(snappyCompress(zeros).length < 10_000)
  assert.deepEqual(snappyDecompress(snappyCompress(zeros), zeros.length), zeros)
})

test('bytes that are no Snappy are refused, whatever they are', () => {
  assert.equal(snappyDecompress(Uint8Array.of(5, 0xfc), 100), undefined)
  assert.equal(snappyDecompress(Uint8Array.of(4, 1, 9), 100), undefined)
  assert.equal(snappyDecompress(Uint8Array.of(0xff, 0xff, 0xff, 0xff, 0x0f), 100), undefined)
  fc.assert(fc.property(fc.uint8Array({ maxLength: 50 }), (bytes) => void snappyDecompress(bytes, 1 << 16)))
})
