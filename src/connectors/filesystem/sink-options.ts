import { userError } from '../../base/errors.ts'
import type { OptionDefinition, OptionValue } from '../../catalog/option.ts'
import type { Format } from '../../formats/format.ts'
import { type PartitionTime, partitionTime } from './partition-time.ts'

/** The options of tables over files that matter only where they are written. */
export const sinkOptions: readonly OptionDefinition[] = [
  {
    key: 'sink.rolling-policy.file-size',
    type: 'memory',
    default: '128 mb',
    doc: 'A file that reaches this size is closed and a new one begun.',
  },
  {
    key: 'sink.rolling-policy.rollover-interval',
    type: 'duration',
    default: '30 min',
    doc: 'Of a job without end: a file that is open for so long is closed, and can be read.',
  },
  {
    key: 'sink.rolling-policy.inactivity-interval',
    type: 'duration',
    default: '30 min',
    doc: 'Of a job without end: a file that got no row for so long is closed, and can be read.',
  },
  {
    key: 'sink.rolling-policy.check-interval',
    type: 'duration',
    default: '1 min',
    doc: 'How often the age of files is looked at, files are joined and partitions found complete.',
  },
  { key: 'sink.shuffle-by-partition.enable', type: 'boolean', default: 'false', doc: 'Without effect, as in streaming jobs of Flink.' },
  { key: 'sink.parallelism', type: 'int', doc: 'Without effect: rows are written where they are made.' },
  {
    key: 'auto-compaction',
    type: 'boolean',
    default: 'false',
    doc: 'Joins the small files of a partition before they can be read: at the end of the job, or at each check.',
  },
  { key: 'compaction.file-size', type: 'memory', doc: 'The size of joined files; absent: the rolling size.' },
  { key: 'compaction.parallelism', type: 'int', doc: 'Without effect: one subtask joins files.' },
  {
    key: 'sink.partition-commit.trigger',
    type: { oneOf: ['process-time', 'partition-time'] },
    default: 'process-time',
    doc: 'When a partition of a job without end is complete: some time after its first row, or after its own time by the watermark.',
  },
  { key: 'sink.partition-commit.delay', type: 'duration', default: '0 s', doc: 'How long after that time a partition is complete.' },
  { key: 'sink.partition-commit.watermark-time-zone', type: 'string', default: 'UTC', doc: 'The zone of the times of partitions.' },
  {
    key: 'sink.partition-commit.policy.kind',
    type: 'string',
    doc: 'What is done with a complete partition: success-file puts an empty file there.',
  },
  { key: 'sink.partition-commit.policy.class', type: 'string', doc: 'A class of the user for complete partitions; refused.' },
  { key: 'sink.partition-commit.policy.class.parameters', type: 'string', doc: 'The parameters of that class.' },
  {
    key: 'sink.partition-commit.success-file.name',
    type: 'string',
    default: '_SUCCESS',
    doc: 'The name of the file in a complete partition.',
  },
  {
    key: 'partition.time-extractor.kind',
    type: { oneOf: ['default', 'custom'] },
    default: 'default',
    doc: 'How the time of a partition is found; custom is refused.',
  },
  { key: 'partition.time-extractor.class', type: 'string', doc: 'A class of the user that finds it.' },
  {
    key: 'partition.time-extractor.timestamp-pattern',
    type: 'string',
    doc: 'The time of a partition from its values, as in $day $hour:00:00; absent: the first value.',
  },
  {
    key: 'partition.time-extractor.timestamp-formatter',
    type: 'string',
    doc: 'How that time is written, as in yyyyMMdd HH:mm:ss; absent: yyyy-MM-dd, with HH:mm:ss or without.',
  },
]

/** When a partition is complete. */
export type PartitionTrigger =
  | { readonly kind: 'process-time'; readonly delayMs: number }
  | { readonly kind: 'partition-time'; readonly delayMs: number; readonly timeOf: PartitionTime }

/** How files are written. */
export interface FileSinkOptions {
  readonly rollingBytes: number
  readonly rolloverMs: number
  readonly inactivityMs: number
  readonly checkMs: number
  /** The size of joined files; undefined: files stay as they were written. */
  readonly compactionBytes: number | undefined
  /** The empty file that is put into each complete partition. */
  readonly successFile: string | undefined
  readonly trigger: PartitionTrigger
}

/** @throws {RheoError} `sql/option-value`, `unsupported/partition-commit`, `unsupported/partition-time`, `unsupported/auto-compaction`. */
export function fileSinkOptions(
  values: ReadonlyMap<string, OptionValue>,
  format: Format,
  partitionedBy: readonly string[],
): FileSinkOptions {
  const rollingBytes = Number(values.get('sink.rolling-policy.file-size') ?? 128 * 2 ** 20)
  const ms = (key: string, fallback: number): number => Number(values.get(key) ?? fallback)
  if (values.get('auto-compaction') === true && format.canJoinFiles !== true) {
    throw userError(
      'unsupported/auto-compaction',
      `Cannot set option "auto-compaction": files of the format "${format.name}" cannot be joined, wanted "false" or one of "csv", "json" and "raw"`,
    )
  }
  const policy = successFile(values)
  return {
    rollingBytes,
    rolloverMs: ms('sink.rolling-policy.rollover-interval', 30 * 60_000),
    inactivityMs: ms('sink.rolling-policy.inactivity-interval', 30 * 60_000),
    checkMs: Math.max(1, ms('sink.rolling-policy.check-interval', 60_000)),
    compactionBytes: values.get('auto-compaction') === true ? Number(values.get('compaction.file-size') ?? rollingBytes) : undefined,
    successFile: policy,
    trigger: trigger(values, policy !== undefined && partitionedBy.length > 0),
  }
}

function successFile(values: ReadonlyMap<string, OptionValue>): string | undefined {
  const key = 'sink.partition-commit.policy.kind'
  const kinds = String(values.get(key) ?? '')
    .split(',')
    .map((kind) => kind.trim())
    .filter((kind) => kind !== '')
  for (const kind of kinds) {
    if (kind === 'success-file') continue
    if (kind === 'custom') {
      throw userError('unsupported/partition-commit', `Cannot set option "${key}": found "custom", wanted "success-file"`)
    }
    const reason = kind === 'metastore' ? ', for folders have no metastore' : ''
    throw userError('sql/option-value', `Cannot set option "${key}": found "${kind}", wanted "success-file"${reason}`)
  }
  return kinds.length === 0 ? undefined : String(values.get('sink.partition-commit.success-file.name') ?? '_SUCCESS')
}

function trigger(values: ReadonlyMap<string, OptionValue>, isUsed: boolean): PartitionTrigger {
  const delayMs = Number(values.get('sink.partition-commit.delay') ?? 0)
  if (!isUsed || values.get('sink.partition-commit.trigger') !== 'partition-time') return { kind: 'process-time', delayMs }
  return { kind: 'partition-time', delayMs, timeOf: partitionTime(values) }
}
