// The texts of the benchmark's queries as each engine and each purpose wants them: only connectors differ.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'

const folder = join(import.meta.dirname, '../nexmark')

/**
 * What the texts cannot have alike, by query:
 * - q9 ranks by two columns, which Flink 2.3 takes for rows that are never taken back (all losers stay): compared is the rank by price alone; of equal prices the first stays, as in the text;
 * - q10 writes csv partitions, which are timed; compared are its rows, in the sink of the others;
 * - q12 counts by processing time, which is another in each run, and Flink drops the windows that are open when the input ends: compared is its twin by event time;
 * - q13 looks up a file, which Flink cannot: there the same rows come from memory.
 */
const filesOfQ10 = /PARTITIONED BY \(dt, hm\) WITH \([^)]*\)/
const filesOfQ13 = /WITH \(\s*'connector' = 'filesystem',\s*'path' = '\$\{FOLDER\}\/side_input\.csv',\s*'format' = 'csv'\s*\)/

export interface QueryText {
  readonly query: string
  readonly engine: 'rheo' | 'flink'
  readonly purpose: 'compare' | 'time'
  readonly events: number
  /** Where the files of the query lie. */
  readonly folder: string
}

/** The script of one query. A compared one writes its changes to `changes` in the folder. */
export function queryScript({ query, engine, purpose, events, folder: files }: QueryText): string {
  let text = `${read('tables.sql')}\n${read(`${query}.sql`)}`
  if (engine === 'flink') text = text.replace(filesOfQ13, "WITH ('connector' = 'side-input')")
  const changes = `WITH ('connector' = 'changes', 'path' = '${files}/changes')`
  if (purpose === 'compare') {
    text = text.replace(filesOfQ10, changes).replace("WITH ('connector' = 'checksum')", changes)
    if (query === 'q9') text = text.replace('ORDER BY B.price DESC, B.`dateTime` ASC', 'ORDER BY B.price DESC')
    if (query === 'q12') text = text.replace('PROCTIME() AS p_time', '`dateTime` AS p_time')
  } else if (engine === 'flink') text = text.replace("'checksum'", "'blackhole'")
  return text.replaceAll('${EVENTS}', String(events)).replaceAll('${FOLDER}', files)
}

const read = (file: string): string => readFileSync(join(folder, file), 'utf8')
