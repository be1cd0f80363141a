// The package's entry: `import { Session } from 'rheo'`.
export { RheoError, type ErrorDomain, type ErrorPlace, type Position } from '../base/errors.ts'
export type { ExternalValue } from '../data/external.ts'
export type { RowKindText } from '../data/row-kind.ts'
export type { JobSummary } from '../engines/local/job.ts'
export { scalarFunction, tableFunction, type FunctionDeclaration } from './functions.ts'
export { Query, type Change, type Execution } from './query.ts'
export type { RowOf, RowSchema } from './row-schema.ts'
export { Session, type SessionOptions } from './session.ts'
