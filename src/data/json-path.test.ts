import assert from 'node:assert/strict'
import { test } from 'node:test'
import { compileJsonPath, evaluateJsonPath } from './json-path.ts'
import { parseJson, writeJson } from './json-tree.ts'

const document = parseJson('{"a":[1,2,3],"o":[{"p":1},{"p":5,"q":"x","t":["k"]}],"x y":{"c":"z"},"n":12.50,"s":"text","nil":null}')!

/** The JSON of what a path gives; `missing`, or undefined for a text that is no path. */
function follow(source: string): string | undefined {
  const path = compileJsonPath(source)
  if (path === undefined) return undefined
  const result = evaluateJsonPath(path, document)
  return result.kind === 'found' ? writeJson(result.node) : 'missing'
}

test('definite paths', () => {
  const answers = {
    '$.a': '[1,2,3]',
    a: '[1,2,3]',
    '$.a[0]': '1',
    '$.a[-1]': '3',
    "$['x y'].c": '"z"',
    '$["x y"]["c"]': '"z"',
    "$.['x y'].c": '"z"',
    '$.o[1].t[0]': '"k"',
    "$['n','s']": '{"n":12.50,"s":"text"}',
    '$.nil': 'null',
    '$.no': 'missing',
    '$.a[3]': 'missing',
    '$.a.x': 'missing',
    '$.s[0]': 'missing',
    '$.no.x': 'missing',
  }
  for (const [path, wanted] of Object.entries(answers)) assert.equal(follow(path), wanted, path)
})

test('paths that may lead to several places give a list', () => {
  const answers = {
    '$.a[0:2]': '[1,2]',
    '$.a[-1:]': '[3]',
    '$.a[:-1]': '[1,2]',
    '$.a[1:-1]': '[]',
    '$.a[0,2,7]': '[1,3]',
    '$.a[*]': '[1,2,3]',
    '$.o[*].p': '[1,5]',
    '$.o[*].q': '["x"]',
    '$..p': '[1,5]',
    '$..t[0]': '["k"]',
    '$.s[*]': '[]',
    '$.no[*]': 'missing',
  }
  for (const [path, wanted] of Object.entries(answers)) assert.equal(follow(path), wanted, path)
})

test('filters', () => {
  const answers = {
    '$.o[?(@.p > 2)].p': '[5]',
    '$.o[?(@.q)].p': '[5]',
    '$.o[?(!@.q)].p': '[1]',
    "$.o[?(@.q == 'x' && @.p in [5, 6])].p": '[5]',
    "$.o[?(@.p == '5' || @.p < 0)].p": '[5]',
    '$.o[?(@.q != "x")].p': '[1]',
    '$.o[?(@.q =~ /X/i)].p': '[5]',
    '$.o[?(@.p >= $.a[2])].p': '[5]',
    "$.o[?(@.t contains 'k')].p": '[5]',
    '$.o[?(@.t size 1)].p': '[5]',
    '$.o[?((@.p == 1 || @.p == 5) && @.q)].p': '[5]',
    '$.a[?(@ > 1)]': '[2,3]',
    "$..[?(@.q == 'x')].p": '[5]',
  }
  for (const [path, wanted] of Object.entries(answers)) assert.equal(follow(path), wanted, path)
})

test('functions at the end', () => {
  assert.equal(follow('$.a.length()'), '3')
  assert.equal(follow('$.a.sum()'), '6.0')
  assert.equal(follow("$['x y'].keys()"), '["c"]')
})

test('texts that are no path', () => {
  for (const bad of ['', '   ', '$.', '$..', '$[', '$.[]', "$['a'", '$.a[x]', '$.a[?(@.p >)]', '$.x y', '$.a.nope()', '$.a[?(@.p > 2]']) {
    assert.equal(follow(bad), undefined, bad)
  }
})
