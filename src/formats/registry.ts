import type { OptionDefinition } from '../catalog/option.ts'
import { avroFormat } from './avro.ts'
import { changeLogFormats } from './change-log.ts'
import { csvFormat } from './csv.ts'
import type { Format } from './format.ts'
import { jsonFormat } from './json.ts'
import { parquetFormat } from './parquet.ts'
import { rawFormat } from './raw.ts'

/** Every format, by name. */
export const formats: ReadonlyMap<string, Format> = new Map(
  [csvFormat, jsonFormat, avroFormat, parquetFormat, rawFormat, ...changeLogFormats].map((format) => [format.name, format]),
)

/** The options of a format as a table of a connector names them: `json.ignore-parse-errors`. */
export function optionsOf(format: Format): readonly OptionDefinition[] {
  const prefix = `${format.name}.`
  return format.options.map((option) => ({
    ...option,
    key: prefix + option.key,
    otherKeys: option.otherKeys?.map((other) => ({ ...other, key: prefix + other.key })),
  }))
}
