import { types } from '../../data/types.ts'
import type { SqlValue } from '../../data/value.ts'
import { EvaluationError } from '../evaluation-error.ts'
import type { ScalarFunction } from '../function.ts'
import { integer, signature, textOrBinary } from '../signature.ts'

function digest(algorithm: string, value: SqlValue): string {
  // Loaded at the first call: loading it would take a tenth of the time in which Rheo starts.
  const hash = process.getBuiltinModule('node:crypto').createHash(algorithm)
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
  hashFunction('MD5', 'md5', 32, '4438f9fa'),
  hashFunction('SHA1', 'sha1', 40, '54feb2df'),
  hashFunction('SHA224', 'sha224', 56, 'acf4fcac'),
  hashFunction('SHA256', 'sha256', 64, '6f338c13'),
  hashFunction('SHA384', 'sha384', 96, '4a1f3a76'),
  hashFunction('SHA512', 'sha512', 128, '9b7245de'),
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
