import { startsQuery } from './parse-expression.ts'
import { parseHints } from './parse-hint.ts'
import { parsePartition } from './parse-table-definition.ts'
import type { Assignment, CompilePlan, Delete, Insert, StatementSet, Update } from './syntax-statement.ts'
import type { QualifiedName } from './syntax-type.ts'
import type { TokenStream } from './token-stream.ts'

/** INSERT INTO and INSERT OVERWRITE; the current token is INSERT. */
export function parseInsert(stream: TokenStream): Insert {
  const start = stream.expect('INSERT').at
  const overwrite = stream.expectOne(['INTO', 'OVERWRITE']) === 'OVERWRITE'
  const target = stream.qualifiedName('a table')
  const hints = parseHints(stream)
  const partition = parsePartition(stream)
  const columns: readonly QualifiedName[] =
    stream.isSymbol('(') && !startsQuery(stream) ? stream.list(() => stream.qualifiedName('a column')) : []
  const query = stream.grammar.query(stream)
  let onConflict: Insert['onConflict']
  if (stream.accept('ON', 'CONFLICT')) {
    stream.expect('DO')
    onConflict = stream.expectOne(['NOTHING', 'ERROR', 'DEDUPLICATE'])
  }
  return { kind: 'insert', target, hints, overwrite, partition, columns, query, onConflict, at: stream.from(start) }
}

export function parseUpdate(stream: TokenStream): Update {
  const start = stream.expect('UPDATE').at
  const target = stream.qualifiedName('a table')
  const hints = parseHints(stream)
  const alias = stream.accept('AS') || stream.isName() ? stream.identifier('an alias') : undefined
  stream.expect('SET')
  const assignments = stream.commaSeparated((): Assignment => {
    const column = stream.qualifiedName('a column')
    stream.expectSymbol('=')
    const value = stream.grammar.expression(stream)
    return { column, value, at: stream.from(column.at) }
  })
  const where = stream.accept('WHERE') ? stream.grammar.expression(stream) : undefined
  return { kind: 'update', target, hints, alias, assignments, where, at: stream.from(start) }
}

export function parseDelete(stream: TokenStream): Delete {
  const start = stream.expect('DELETE').at
  stream.expect('FROM')
  const target = stream.qualifiedName('a table')
  const hints = parseHints(stream)
  const alias = stream.accept('AS') || stream.isName() ? stream.identifier('an alias') : undefined
  const where = stream.accept('WHERE') ? stream.grammar.expression(stream) : undefined
  return { kind: 'delete', target, hints, alias, where, at: stream.from(start) }
}

/** STATEMENT SET BEGIN insert; .. END; the current token is STATEMENT. */
export function parseStatementSet(stream: TokenStream): StatementSet {
  const start = stream.expect('STATEMENT', 'SET').at
  stream.expect('BEGIN')
  const inserts: Insert[] = []
  do {
    inserts.push(parseInsert(stream))
    stream.expectSymbol(';')
    while (stream.isSymbol(';')) stream.next()
  } while (!stream.at('END'))
  stream.expect('END')
  return { kind: 'statement-set', inserts, at: stream.from(start) }
}

/** COMPILE [AND EXECUTE] PLAN 'path' [IF NOT EXISTS] FOR statement. */
export function parseCompilePlan(stream: TokenStream): CompilePlan {
  const start = stream.expect('COMPILE').at
  const execute = stream.accept('AND', 'EXECUTE')
  stream.expect('PLAN')
  const path = stream.string('the path of a file')
  const ifNotExists = stream.accept('IF', 'NOT', 'EXISTS')
  stream.expect('FOR')
  const statement = stream.at('STATEMENT') ? parseStatementSet(stream) : parseInsert(stream)
  return { kind: 'compile-plan', path, ifNotExists, execute, statement, at: stream.from(start) }
}
