import { blackholeConnector } from './blackhole/connector.ts'
import type { RuntimeConnector } from './connector.ts'
import { datagenConnector } from './datagen/connector.ts'
import { filesystemConnector } from './filesystem/connector.ts'
import { nexmarkConnector } from './nexmark/connector.ts'
import { printConnector } from './print/connector.ts'

/** The connectors that ship with Rheo, by name. */
export interface RuntimeConnectorRegistry {
  get(name: string): RuntimeConnector | undefined
  names(): readonly string[]
}

export function connectorRegistry(connectors: readonly RuntimeConnector[] = builtIn): RuntimeConnectorRegistry {
  const byName = new Map(connectors.map((connector) => [connector.name, connector]))
  return { get: (name) => byName.get(name), names: () => [...byName.keys()].sort() }
}

const builtIn: readonly RuntimeConnector[] = [blackholeConnector, datagenConnector, filesystemConnector, nexmarkConnector, printConnector]
