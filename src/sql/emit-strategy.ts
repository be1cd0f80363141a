import { type Position, type RheoError, userError } from '../base/errors.ts'
import type { Field } from '../catalog/schema.ts'
import type { EmitStrategy, WindowSpec } from '../plan/physical.ts'
import { functionName } from './bind-aggregate-call.ts'
import { type BindContext, isBatch } from './binder.ts'
import type { Call } from './syntax-query.ts'

/** What the settings `table.exec.emit.*` say about a window in GROUP BY; undefined: it sends one result, when it ends. */
export function groupWindowEmit(
  call: Call,
  window: WindowSpec,
  attribute: Field['timeAttribute'],
  context: BindContext,
): EmitStrategy | undefined {
  const { settings } = context.env
  if (isBatch(context)) return undefined
  const refuse = (why: string): RheoError =>
    userError('plan/window-emit', `Cannot compute the windows of ${functionName(call)}: ${why}`, call.at)
  const delay = (kind: 'early' | 'late'): number | undefined => {
    if (!settings.boolean(`table.exec.emit.${kind}-fire.enabled`)) return undefined
    if (settings.text(`table.exec.emit.${kind}-fire.delay`) === undefined)
      throw refuse(`"table.exec.emit.${kind}-fire.enabled" is set, and "table.exec.emit.${kind}-fire.delay" has to say how often they fire`)
    return settings.number(`table.exec.emit.${kind}-fire.delay`)
  }
  const isEventTime = attribute !== 'proctime'
  const earlyMs = delay('early')
  // No row is late for the clock.
  const lateMs = isEventTime ? delay('late') : undefined
  if (earlyMs === undefined && lateMs === undefined) return undefined
  if (window.kind === 'session')
    throw refuse('sessions send one result, when they end; RESET the settings table.exec.emit.early-fire.* and late-fire.*')
  const hasLateness = settings.text('table.exec.emit.allow-lateness') !== undefined
  const latenessMs = lateMs === undefined ? 0 : settings.number(hasLateness ? 'table.exec.emit.allow-lateness' : 'table.exec.state.ttl')
  if (lateMs !== undefined && latenessMs === 0)
    throw refuse('late rows are to fire them, so "table.exec.emit.allow-lateness" has to say how late those may be')
  return { earlyMs, lateMs, latenessMs }
}

/** Window table functions send one result: they refuse settings that ask for more. */
export function refuseEmit(at: Position, context: BindContext): void {
  const { settings } = context.env
  const asked = ['early', 'late'].find((kind) => settings.boolean(`table.exec.emit.${kind}-fire.enabled`))
  if (asked === undefined || isBatch(context)) return
  throw userError(
    'plan/window-emit',
    `Cannot aggregate windows of table functions: "table.exec.emit.${asked}-fire.enabled" is set, and they send one result, when they end; RESET it`,
    at,
  )
}
