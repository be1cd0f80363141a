import { userError } from '../base/errors.ts'
import { suggestion } from '../base/nearest.ts'
import { foreignStatements } from './foreign-words.ts'
import type { ExplainDetail } from '../plan/explain.ts'
import { parseAlter } from './parse-alter.ts'
import { parseCompilePlan, parseDelete, parseInsert, parseStatementSet, parseUpdate } from './parse-change.ts'
import { parseCreate, parseReplaceTable } from './parse-create.ts'
import {
  parseAnalyze,
  parseCallProcedure,
  parseDescribe,
  parseDrop,
  parseJar,
  parseLoadModule,
  parseReset,
  parseSet,
  parseShow,
  parseStopJob,
  parseTruncate,
  parseUnloadModule,
  parseUse,
} from './parse-session.ts'
import type { Explain, QueryStatement, Statement } from './syntax-statement.ts'
import type { TokenStream } from './token-stream.ts'

const PARSERS: Readonly<Record<string, (stream: TokenStream) => Statement>> = {
  SELECT: parseQueryStatement,
  WITH: parseQueryStatement,
  VALUES: parseQueryStatement,
  TABLE: parseQueryStatement,
  INSERT: parseInsert,
  UPDATE: parseUpdate,
  DELETE: parseDelete,
  TRUNCATE: parseTruncate,
  EXECUTE: parseExecute,
  BEGIN: parseBegin,
  END: parseEnd,
  EXPLAIN: parseExplain,
  COMPILE: parseCompilePlan,
  CREATE: parseCreate,
  REPLACE: parseReplaceTable,
  ALTER: parseAlter,
  DROP: parseDrop,
  DESCRIBE: parseDescribe,
  DESC: parseDescribe,
  SHOW: parseShow,
  USE: parseUse,
  LOAD: parseLoadModule,
  UNLOAD: parseUnloadModule,
  SET: parseSet,
  RESET: parseReset,
  ADD: parseJar,
  REMOVE: parseJar,
  STOP: parseStopJob,
  CALL: parseCallProcedure,
  ANALYZE: parseAnalyze,
  QUIT: parseShellCommand,
  EXIT: parseShellCommand,
  CLEAR: parseShellCommand,
  HELP: parseShellCommand,
}

/** The words with which a statement can begin. */
const STATEMENT_WORDS: readonly string[] = Object.keys(PARSERS)

/** One statement; what may follow it, `;` or the end, is left to the caller. */
export function parseStatementNode(stream: TokenStream): Statement {
  for (const word of STATEMENT_WORDS) stream.note(word)
  const token = stream.peek()
  if (token.kind === 'symbol' && token.key === '(') return parseQueryStatement(stream)
  const parse = token.kind === 'word' && Object.hasOwn(PARSERS, token.key) ? PARSERS[token.key] : undefined
  if (parse !== undefined) return parse(stream)
  const shown = token.kind === 'end' ? 'the end of the text' : `"${token.value}"`
  const known =
    'statements of Flink SQL are queries, INSERT, CREATE, ALTER, DROP, DESCRIBE, SHOW, EXPLAIN, USE, SET, RESET, EXECUTE, COMPILE and their kin'
  const foreign = token.kind === 'word' ? foreignStatements.get(token.key) : undefined
  if (foreign !== undefined) throw userError('sql/unknown-statement', `Cannot run "${token.value}": ${foreign}`, token.at)
  const near = token.kind === 'word' ? suggestion(token.value, STATEMENT_WORDS) : ''
  throw userError('sql/unknown-statement', `Cannot run ${shown}: no statement begins with it${near === '' ? `; ${known}` : near}`, token.at)
}

function parseQueryStatement(stream: TokenStream): QueryStatement {
  const query = stream.grammar.query(stream)
  return { kind: 'select-statement', query, at: query.at }
}

/** EXECUTE STATEMENT SET, EXECUTE PLAN, or a word before a statement that changes nothing. */
function parseExecute(stream: TokenStream): Statement {
  const start = stream.expect('EXECUTE').at
  if (stream.accept('PLAN')) {
    const path = stream.string('the path of a plan in quotes')
    return { kind: 'execute-plan', path, at: stream.from(start) }
  }
  const statement = stream.at('STATEMENT')
    ? parseStatementSet(stream)
    : stream.at('INSERT')
      ? parseInsert(stream)
      : parseQueryStatement(stream)
  return { ...statement, at: stream.from(start) }
}

function parseBegin(stream: TokenStream): Statement {
  const start = stream.expect('BEGIN', 'STATEMENT', 'SET').at
  return { kind: 'begin-statement-set', at: stream.from(start) }
}

function parseEnd(stream: TokenStream): Statement {
  return { kind: 'end-statement-set', at: stream.expect('END').at }
}

const EXPLAINED: ReadonlySet<Statement['kind']> = new Set([
  'select-statement',
  'insert',
  'update',
  'delete',
  'statement-set',
  'execute-plan',
])

const DETAILS: readonly ExplainDetail[] = ['ESTIMATED_COST', 'CHANGELOG_MODE', 'JSON_EXECUTION_PLAN', 'PLAN_ADVICE']

function parseExplain(stream: TokenStream): Explain {
  const start = stream.expect('EXPLAIN').at
  const details: ExplainDetail[] = []
  if (!stream.accept('PLAN', 'FOR')) {
    let detail = stream.acceptOne(DETAILS)
    while (detail !== undefined) {
      if (details.includes(detail)) throw stream.error(`Cannot parse EXPLAIN: ${detail} stands there twice`, stream.previous()!.at)
      details.push(detail)
      detail = stream.acceptSymbol(',') ? stream.expectOne(DETAILS) : undefined
    }
  }
  const statement = stream.at('STATEMENT') ? parseStatementSet(stream) : parseStatementNode(stream)
  const hasPlan = EXPLAINED.has(statement.kind) || (statement.kind === 'create-table' && statement.query !== undefined)
  if (!hasPlan) {
    throw stream.error(
      'Cannot explain this statement: only queries, INSERT, UPDATE, DELETE, statement sets, CREATE TABLE .. AS and compiled plans have a plan',
      statement.at,
    )
  }
  return { kind: 'explain', details, statement, at: stream.from(start) }
}

function parseShellCommand(stream: TokenStream): Statement {
  const token = stream.next()
  return { kind: 'shell-command', command: token.key as 'QUIT' | 'EXIT' | 'CLEAR' | 'HELP', at: token.at }
}
