import type { ArenaOwner } from '../../data/arena.ts'
import type { BatchBuffer } from '../../data/batch-buffer.ts'
import type { Column } from '../../data/column.ts'
import type { NexmarkSettings } from './options.ts'
import { nexmarkTexts } from './texts.ts'

const CONTEXT_BYTES = 256
/** The longest email and credit card together. */
const PERSON_TEXT_BYTES = 48

/** Slots of the kernel's context by column; the numbers stand in `kernels/nexmark.ts` too. */
const slots = {
  text: 0,
  pool: 1,
  poolMask: 2,
  prices: 3,
  channelViews: 4,
  urlViews: 5,
  nameViews: 6,
  cityViews: 7,
  stateViews: 8,
  nameCount: 9,
  cityCount: 10,
  stateCount: 11,
  personProportion: 12,
  auctionProportion: 13,
  bidProportion: 14,
  hotAuctionRatio: 15,
  hotBidderRatio: 16,
  hotSellerRatio: 17,
  personSize: 18,
  auctionSize: 19,
  bidSize: 20,
  eventType: 21,
} as const
const nullSlots: Readonly<Record<string, number>> = { person: 22, auction: 23, bid: 24 }
const firstFieldSlots: Readonly<Record<string, number>> = { person: 25, auction: 33, bid: 43 }

/** Makes `count` events from number `first` at rows 0 and up of the buffer's batch. */
export type EventMaker = (first: number, count: number, baseUs: number, delayUs: number) => void

export interface RequestedColumn {
  readonly name: string
  readonly column: Column
  /** Names of the fields that are read, of a ROW; undefined: all. */
  readonly fields: ReadonlySet<string> | undefined
}

/** Lays out the kernel's context for the columns that are read. */
export function eventMaker(
  owner: ArenaOwner,
  buffer: BatchBuffer,
  requested: readonly RequestedColumn[],
  settings: NexmarkSettings,
  seed: number,
): EventMaker {
  const { arena } = owner
  const { u32, u8, kernels } = arena
  const context = owner.allocate(CONTEXT_BYTES)
  const slot = context / 4
  u32.fill(0, slot, slot + CONTEXT_BYTES / 4)
  const texts = nexmarkTexts(owner, seed)
  const fixed: Partial<Record<keyof typeof slots, number>> = {
    pool: texts.pool,
    poolMask: texts.poolMask,
    prices: texts.prices,
    channelViews: texts.channels,
    urlViews: texts.urls,
    nameViews: texts.names,
    cityViews: texts.cities,
    stateViews: texts.states,
    nameCount: texts.nameCount,
    cityCount: texts.cityCount,
    stateCount: texts.stateCount,
    personProportion: settings.personProportion,
    auctionProportion: settings.auctionProportion,
    bidProportion: settings.bidProportion,
    hotAuctionRatio: settings.hotAuctionRatio,
    hotBidderRatio: settings.hotBidderRatio,
    hotSellerRatio: settings.hotSellerRatio,
    personSize: settings.personBytes,
    auctionSize: settings.auctionBytes,
    bidSize: settings.bidBytes,
  }
  for (const [name, value] of Object.entries(fixed)) u32[slot + slots[name as keyof typeof slots]] = value

  // A field that nobody reads is NULL everywhere: one mask of ones serves all of them.
  let allNull = 0
  const masks: (() => void)[] = []
  for (const { name, column, fields } of requested) {
    if (name === 'event_type') {
      u32[slot + slots.eventType] = column.cells
      continue
    }
    const mask = owner.allocate(buffer.capacity)
    u32[slot + (nullSlots[name] ?? 0)] = mask
    for (const [i, child] of column.children.entries()) {
      const isRead = fields === undefined || fields.has(childName(column, i))
      if (isRead) u32[slot + (firstFieldSlots[name] ?? 0) + i] = child.cells
      else if (allNull === 0) {
        allNull = owner.allocate(buffer.capacity)
        u8.fill(1, allNull, allNull + buffer.capacity)
      }
      const childMask = isRead ? mask : allNull
      masks.push(() => (child.nulls = childMask))
    }
    masks.push(() => (column.nulls = mask))
  }
  const people = requested.find(({ name }) => name === 'person')
  const needsPersonText =
    (people !== undefined && (people.fields?.has('emailAddress') ?? true)) || people?.fields?.has('creditCard') === true
  const total = settings.personProportion + settings.auctionProportion + settings.bidProportion
  const auctionSpan = Math.floor((100 * total) / settings.auctionProportion)
  const wideSeed = BigInt.asUintN(64, BigInt(seed) * 0x2545f4914f6cdd1dn)

  return (first, count, baseUs, delayUs) => {
    for (const setMask of masks) setMask()
    if (needsPersonText) {
      const peopleAtMost = Math.ceil((count * settings.personProportion) / total) + settings.personProportion
      u32[slot + slots.text] = buffer.reserveText(peopleAtMost * PERSON_TEXT_BYTES)
    }
    const horizonMs = BigInt(Math.floor((auctionSpan * delayUs) / 1000))
    kernels.nexmarkEvents(context, wideSeed, BigInt(first), count, baseUs, delayUs, horizonMs)
  }
}

function childName(column: Column, index: number): string {
  return column.type.kind === 'ROW' ? (column.type.fields[index]?.name ?? '') : ''
}
