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

/** @param others Connectors besides the built-in ones, such as those of a test. */
export function connectorRegistry(others: readonly RuntimeConnector[] = []): RuntimeConnectorRegistry {
  const byName = new Map([...builtIn, ...others].map((connector) => [connector.name, connector]))
  return { get: (name) => byName.get(name), names: () => [...byName.keys()].sort() }
}

const builtIn: readonly RuntimeConnector[] = [blackholeConnector, datagenConnector, filesystemConnector, nexmarkConnector, printConnector]
