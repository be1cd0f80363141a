import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { localToUtcNs, utcToLocalNs, zone } from './time-zone.ts'

const at = (text: string): number => Date.parse(`${text}Z`)
const iso = (ms: number): string => new Date(ms).toISOString().slice(0, 19).replace('T', ' ')

// Goal: offsets are those of Intl, at any instant and in zones with odd rules. Method: Intl formats the same instant.
test('offsets agree with Intl', () => {
  const names = [
    'Europe/Berlin',
    'America/New_York',
    'Asia/Kolkata',
    'Australia/Lord_Howe',
    'America/St_Johns',
    'Africa/Casablanca',
    'Pacific/Apia',
    'Asia/Tokyo',
  ]
  fc.assert(
    fc.property(fc.constantFrom(...names), fc.integer({ min: Date.UTC(1890, 0, 1), max: Date.UTC(2090, 0, 1) }), (name, ms) => {
      const second = Math.floor(ms / 1000) * 1000
      const parts = new Intl.DateTimeFormat('en-CA', { timeZone: name, dateStyle: 'short', timeStyle: 'medium', hourCycle: 'h23' }).format(
        second,
      )
      assert.equal(iso(second + zone(name)!.offsetAtUtc(second)), parts.replace(', ', ' '))
    }),
    { numRuns: 300 },
  )
})

test('a time in the gap moves forward, one that exists twice is the earlier, or the later where that is asked', () => {
  const berlin = zone('Europe/Berlin')!
  assert.equal(iso(berlin.localToUtc(at('2024-03-31 02:30:00'))), '2024-03-31 01:30:00')
  assert.equal(iso(berlin.localToUtc(at('2024-03-31 01:59:59'))), '2024-03-31 00:59:59')
  assert.equal(iso(berlin.localToUtc(at('2024-03-31 03:00:00'))), '2024-03-31 01:00:00')
  assert.equal(iso(berlin.localToUtc(at('2024-10-27 02:30:00'))), '2024-10-27 00:30:00')
  assert.equal(iso(berlin.localToUtcLater(at('2024-10-27 02:30:00'))), '2024-10-27 01:30:00')
  assert.equal(iso(berlin.localToUtc(at('2024-10-27 03:00:00'))), '2024-10-27 02:00:00')
})

test('instants go to the wall clock and back where it is unambiguous', () => {
  fc.assert(
    fc.property(
      fc.constantFrom('Europe/Berlin', 'America/New_York', 'Australia/Lord_Howe'),
      fc.bigInt({ min: -(10n ** 18n), max: 4n * 10n ** 18n }),
      (name, ns) => {
        const found = zone(name)!
        const local = utcToLocalNs(found, ns)
        const back = localToUtcNs(found, local)
        // In the repeated hour the earlier of both instants comes back.
        assert.ok(back === ns || (back < ns && utcToLocalNs(found, back) === local))
      },
    ),
  )
})

test('offsets and UTC by name; unknown names and false offsets are none', () => {
  assert.equal(zone('UTC')!.offsetAtUtc(0), 0)
  assert.equal(zone('GMT+05:30')!.offsetAtUtc(0), 19_800_000)
  assert.equal(zone('GMT-03:00')!.offsetAtUtc(0), -10_800_000)
  for (const name of ['No/Where', 'Mars/Olympus', 'GMT+25:00', 'GMT+05:61', '', 'europe/berlin']) assert.equal(zone(name), undefined, name)
})

test('before its first rule a zone keeps local mean time', () => {
  assert.equal(zone('Europe/Berlin')!.offsetAtUtc(Date.UTC(1800, 0, 1)), 3_208_000)
})
