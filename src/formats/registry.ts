import { changeLogFormats } from './change-log.ts'
import { csvFormat } from './csv.ts'
import type { Format } from './format.ts'
import { jsonFormat } from './json.ts'
import { rawFormat } from './raw.ts'

/** Every format, by name. */
export const formats: ReadonlyMap<string, Format> = new Map(
  [csvFormat, jsonFormat, rawFormat, ...changeLogFormats].map((format) => [format.name, format]),
)
