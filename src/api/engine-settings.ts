import { describeOptionType } from '../catalog/options.ts'
import { settingDefinitions } from '../catalog/setting-definitions.ts'

/** Rheo's own settings with what they mean, for the help. */
export function engineSettings(): readonly (readonly [string, string])[] {
  return settingDefinitions
    .filter(({ key }) => key.startsWith('rheo.'))
    .map(({ key, doc, type, default: value }) => {
      const words = typeof type === 'object' ? `; ${describeOptionType(type)}` : ''
      return [key, `${doc}${words}${value === undefined || value === '' ? '' : ` (${value})`}`]
    })
}
