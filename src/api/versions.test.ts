// Goal: a filter of a versioned view is asked of the version that was valid, never of an older one; Flink's own answer forgets versions there. Method: the same question
// with the condition in ON, for several sizes of batches.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Session } from './session.ts'

const data = `${import.meta.dirname}/../../test/corpus/data`

const tables = [
  `CREATE TABLE orders (id INT, product STRING, \`at\` TIMESTAMP(3), WATERMARK FOR \`at\` AS \`at\` - INTERVAL '20' SECOND)
   WITH ('connector' = 'filesystem', 'path' = '${data}/timed_orders.jsonl', 'format' = 'json')`,
  `CREATE TABLE prices (product STRING, shop STRING, price DECIMAL(8, 2), since TIMESTAMP(3), WATERMARK FOR since AS since - INTERVAL '3' MINUTE)
   WITH ('connector' = 'filesystem', 'path' = '${data}/timed_prices.jsonl', 'format' = 'json')`,
  `CREATE TEMPORARY VIEW numbered AS SELECT *, ROW_NUMBER() OVER (PARTITION BY product ORDER BY since DESC) AS rn FROM prices`,
  `CREATE TEMPORARY VIEW versions AS SELECT product, shop, price, since FROM numbered WHERE rn = 1`,
  `CREATE TEMPORARY VIEW northern AS SELECT since, price, product FROM numbered WHERE rn = 1 AND shop = 'north' AND price > 2.1`,
  `CREATE TEMPORARY VIEW twice AS SELECT price * 2 AS price, product, since FROM northern WHERE since > TIMESTAMP '2024-05-01 09:30:00'`,
  `CREATE TEMPORARY VIEW groups_of AS SELECT product, COUNT(*) AS n, MAX(since) AS since FROM prices GROUP BY product`,
  `CREATE TEMPORARY VIEW busy AS SELECT MAX(since) AS since, product, SUM(price) AS price FROM prices GROUP BY product HAVING COUNT(*) > 1`,
]

const isNorthern = `v.shop = 'north' AND v.price > 2.1`

for (const rows of [1, 7, 4096]) {
  for (const join of ['JOIN', 'LEFT JOIN']) {
    test(`versions that fail the filter of a view end the ones before them: ${join}, batches of ${rows}`, async () => {
      const session = Session.local({ settings: { 'rheo.batch.rows': String(rows) } })
      for (const table of tables) session.sql(table)
      const ask = async (select: string, view: string, condition: string): Promise<readonly string[]> => {
        const found: string[] = []
        const on = `v.product = o.product ${condition}`
        for await (const { op, row } of session.sql(
          `SELECT o.id, ${select} AS p FROM orders AS o ${join} ${view} FOR SYSTEM_TIME AS OF o.\`at\` AS v ON ${on}`,
        ))
          found.push(`${op}${JSON.stringify(row)}`)
        return found.toSorted()
      }
      const northern = await ask('v.price', 'northern', '')
      assert.deepEqual(northern, await ask('v.price', 'versions', `AND ${isNorthern}`))
      assert.ok(northern.some((row) => row.includes('"9.00"')) && !northern.some((row) => row.includes('"2.10"')))
      const late = `AND ${isNorthern} AND v.since > TIMESTAMP '2024-05-01 09:30:00'`
      assert.deepEqual(await ask('v.price', 'twice', ''), await ask('v.price * 2', 'versions', late))
      const busy = await ask('v.since', 'busy', '')
      assert.deepEqual(busy, await ask('v.since', 'groups_of', 'AND v.n > 1'))
      assert.ok(busy.some((row) => row.includes('10:02:00')))
    })
  }
}
