import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { ArenaOwner, arenaOfThread } from './arena.ts'
import { textScanTwin } from './text-scan.twin.ts'

// Goal: the kernels that look over text agree with their plain form. Method: bytes that are mostly text, cut and damaged, at any alignment, with bytes that
// would match lying behind the end.
const text = fc
  .tuple(
    fc.string({ unit: 'grapheme', maxLength: 60 }),
    fc.array(fc.tuple(fc.nat(80), fc.constantFrom(0x80, 0xbf, 0xc0, 0xc3, 0xe0, 0xed, 0xf0, 0xf4, 0xff, 10)), { maxLength: 2 }),
  )
  .map(([valid, damage]) => {
    const bytes = new Uint8Array(Buffer.from(valid))
    for (const [at, byte] of damage) if (at < bytes.length) bytes[at] = byte
    return bytes
  })

test('finding, counting and checking bytes', () => {
  const owner = new ArenaOwner(arenaOfThread(), 'test')
  const { arena } = owner
  const twin = textScanTwin(arena.u8)
  const { kernels } = arena
  const base = owner.allocate(1024)
  fc.assert(
    fc.property(text, fc.nat(20), fc.nat(5), (bytes, shift, cut) => {
      const from = base + shift
      arena.u8.fill(10, base, base + 1024)
      arena.u8.set(bytes, from)
      const end = Math.max(from, from + bytes.length - cut)
      for (const byte of [10, 0x61, 0xc3]) {
        assert.equal(kernels.findByte(from, end, byte) >>> 0, twin.findByte(from, end, byte))
        assert.equal(kernels.countByte(from, end, byte), twin.countByte(from, end, byte))
      }
      assert.equal(kernels.invalidUtf8(from, end) >>> 0, twin.invalidUtf8(from, end))
    }),
    { numRuns: 2000 },
  )
  owner.close()
})
