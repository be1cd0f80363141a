import { createHash } from 'node:crypto'
import { types } from '../../data/types.ts'
import type { SqlValue } from '../../data/value.ts'
import { EvaluationError } from '../evaluation-error.ts'
import type { ScalarFunction } from '../function.ts'
import { integer, signature, textOrBinary } from '../signature.ts'

function digest(algorithm: string, value: SqlValue): string {
  const hash = createHash(algorithm)
  if (typeof value === 'string') hash.update(value, 'utf8')
  else hash.update(value as Uint8Array)
  return hash.digest('hex')
}

function hashFunction(name: string, algorithm: string, digits: number, start: string): ScalarFunction {
  return {
    name,
    family: 'hash',
    forms: [`${name}(text)`, `${name}(bytes)`],
    doc: `The ${name} digest of bytes, or of a text in UTF-8, as ${digits} hexadecimal digits.`,
    examples: [[`SUBSTRING(${name}('Flink'), 1, 8)`, start]],
    resolve: signature({ parameters: [textOrBinary], returns: types.char(digits) }),
    nulls: 'strict',
    evaluate: ([value]) => digest(algorithm, value!),
  }
}

const sha2Lengths = [224, 256, 384, 512]

export const hashFunctions: readonly ScalarFunction[] = [
  hashFunction('MD5', 'md5', 32, digest('md5', 'Flink').slice(0, 8)),
  hashFunction('SHA1', 'sha1', 40, digest('sha1', 'Flink').slice(0, 8)),
  hashFunction('SHA224', 'sha224', 56, digest('sha224', 'Flink').slice(0, 8)),
  hashFunction('SHA256', 'sha256', 64, digest('sha256', 'Flink').slice(0, 8)),
  hashFunction('SHA384', 'sha384', 96, digest('sha384', 'Flink').slice(0, 8)),
  hashFunction('SHA512', 'sha512', 128, digest('sha512', 'Flink').slice(0, 8)),
  {
    name: 'SHA2',
    family: 'hash',
    forms: ['SHA2(text, bits)', 'SHA2(bytes, bits)'],
    doc: 'The SHA-2 digest of 224, 256, 384 or 512 bits as hexadecimal digits.',
    examples: [["SUBSTRING(SHA2('', 256), 1, 8)", 'e3b0c442']],
    resolve: signature({ parameters: [textOrBinary, integer], returns: types.varchar(128) }),
    nulls: 'strict',
    evaluate: ([value, bits]) => {
      if (!sha2Lengths.includes(bits as number)) {
        throw new EvaluationError(
          'data/argument',
          `Cannot evaluate "SHA2": the length is ${bits}, one of ${sha2Lengths.join(', ')} was wanted`,
        )
      }
      return digest(`sha${bits}`, value!)
    },
  },
]
