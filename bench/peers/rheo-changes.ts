// Runs one query's script in this process and writes its changes to files: node bench/peers/rheo-changes.ts SCRIPT [KEY=VALUE]...
import { readFileSync } from 'node:fs'
import { nodePorts } from '../../src/base/node-ports.ts'
import { changeTextEncoder } from '../../src/api/change-text.ts'
import { runScript } from '../../src/api/script.ts'
import type { RuntimeConnector } from '../../src/connectors/connector.ts'
import { connectorRegistry } from '../../src/connectors/registry.ts'

/** A sink of changes as texts: the twin of `flink/src/rheo/bench/ChangesTableFactory.java`. */
const changesConnector: RuntimeConnector = {
  name: 'changes',
  doc: 'Writes every change to one file, a line each',
  options: [{ key: 'path', type: 'string', isRequired: true, doc: 'The file' }],
  sink: () => ({ accepts: 'retract', canOverwrite: false, canPartition: false, metadata: [] }),
  createSink: (table) => ({
    async open({ arena, ports, timeZone }) {
      const types = table.columns.map((column) => column.type)
      const encode = changeTextEncoder(arena, types, timeZone)
      const file = await ports.files.openWrite(table.options.get('path') ?? '')
      let written: Promise<void> | undefined
      return {
        write(batch) {
          if (written !== undefined) return written
          written = file.write(encode(batch)).then(() => {
            written = undefined
          })
          return 'done'
        },
        flush: async () => await written,
        finish: async () => await written,
        close: () => file.close(),
      }
    },
  }),
}

const [path = '', ...pairs] = process.argv.slice(2)
const settings = new Map(pairs.map((pair) => [pair.slice(0, pair.indexOf('=')), pair.slice(pair.indexOf('=') + 1)]))
await runScript(readFileSync(path, 'utf8'), {
  source: path,
  settings,
  connectors: connectorRegistry([changesConnector]),
  ports: nodePorts,
  output: () => undefined,
  writerOf: () => ({ write: () => undefined, finish: () => undefined }),
}).done
