// Goal: the folders keep the order of docs/ARCHITECTURE.md. Method: the table is read from there, the imports from the sources.
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { globSync, readFileSync } from 'node:fs'
import { dirname, join, normalize, relative } from 'node:path'
import { test } from 'node:test'

const [, section = ''] = /^## Layers$([^]*?)^## /m.exec(readFileSync('docs/ARCHITECTURE.md', 'utf8')) ?? []
const rows = section.matchAll(/^\| ([a-z/]+) \|[^|]*\|([a-z/, ]*)\|/gm)
const allowed = new Map<string, readonly string[]>()
for (const [, folder, targets] of rows) {
  if (folder === undefined || folder === 'folder') continue
  const named = targets?.match(/[a-z]+(?:\/[a-z]+)?/g) ?? []
  allowed.set(folder, targets?.trim() === 'all above' ? [...allowed.keys()] : named)
}
assert(allowed.size >= 15, 'the table was not read')

const files = globSync('src/*/**/*.ts').map(normalize)
const layerOf = (path: string): string | undefined => [...allowed.keys()].find((layer) => relative('src', path).startsWith(`${layer}/`))
const isTest = (path: string): boolean => path.endsWith('.test.ts')

interface Import {
  readonly file: string
  readonly target: string
}
const relativeImports: Import[] = []
const moduleImports: Import[] = []
for (const file of files) {
  for (const match of readFileSync(file, 'utf8').matchAll(/^(?:import|export)\b[^'"]*?from\s*'([^']+)'|import\(\s*'([^']+)'/gm)) {
    const name = match[1] ?? match[2]!
    if (name.startsWith('.')) relativeImports.push({ file, target: join(dirname(file), name) })
    else moduleImports.push({ file, target: name })
  }
}

test('every file under src belongs to a layer of the table', () => {
  assert.deepEqual(
    files.filter((file) => layerOf(file) === undefined),
    [],
  )
})

test('the layer table is a DAG: a row names only rows above it', () => {
  const seen = new Set<string>()
  for (const [layer, targets] of allowed) {
    for (const target of targets) assert(seen.has(target), `${layer} -> ${target}`)
    seen.add(layer)
  }
})

test('every import between layers is one that the table allows', () => {
  const broken = relativeImports.filter(({ file, target }) => {
    const from = layerOf(file)!
    const to = layerOf(target)
    if (from === to || (isTest(file) && (to === 'testing' || target.startsWith('test/')))) return false
    return to === undefined || !allowed.get(from)!.includes(to)
  })
  assert.deepEqual(
    broken.map(({ file, target }) => `${file} imports ${target}`),
    [],
  )
})

test('sibling connectors and sibling engines never import each other', () => {
  const sibling = (path: string): string | undefined => /^src\/(?:connectors|engines)\/[^/]+\//.exec(path)?.[0]
  const broken = relativeImports.filter(({ file, target }) => {
    const [from, to] = [sibling(file), sibling(target)]
    return from !== undefined && to !== undefined && from !== to && dirname(dirname(from)) === dirname(dirname(to))
  })
  assert.deepEqual(
    broken.filter(({ file, target }) => file.split('/')[1] === target.split('/')[1]).map(({ file, target }) => `${file} imports ${target}`),
    [],
  )
})

test('no file imports itself through others', () => {
  const graph = new Map<string, string[]>()
  for (const { file, target } of relativeImports) graph.set(file, [...(graph.get(file) ?? []), target])
  const state = new Map<string, 'open' | 'closed'>()
  const cycles: string[] = []
  const visit = (file: string, path: readonly string[]): void => {
    if (state.get(file) === 'closed') return
    if (state.get(file) === 'open') {
      cycles.push([...path.slice(path.indexOf(file)), file].join(' -> '))
      return
    }
    state.set(file, 'open')
    for (const target of graph.get(file) ?? []) visit(target, [...path, file])
    state.set(file, 'closed')
  }
  for (const file of graph.keys()) visit(file, [])
  assert.deepEqual(cycles, [])
})

test('clock, files, network and randomness are reached through ports only', () => {
  const forbiddenModules = /^node:(fs|net|http|https|tls|dgram|dns|timers|child_process|worker_threads)/
  const isPort = (file: string): boolean => /^src\/base\/node-[a-z-]+\.ts$/.test(file) || isTest(file) || file.startsWith('src/cli/')
  const modules = moduleImports.filter(({ file, target }) => forbiddenModules.test(target) && !isPort(file))
  assert.deepEqual(
    modules.map(({ file, target }) => `${file} imports ${target}`),
    [],
  )
  const ambient = /\b(Date\.now|new Date\(\)|performance\.now|Math\.random|setTimeout|setInterval|process\.hrtime|randomUUID)\b/
  const broken = files.filter((file) => !isPort(file) && ambient.test(readFileSync(file, 'utf8')))
  assert.deepEqual(broken, [])
})

// A tracked link would replace the installed packages of whoever checks it out: git takes ignored folders for expendable.
test('installed packages are not tracked: git rm --cached node_modules', () => {
  const { stdout } = spawnSync('git', ['ls-files', '--', 'node_modules'], { encoding: 'utf8' })
  assert.equal(stdout?.trim() ?? '', '')
})
