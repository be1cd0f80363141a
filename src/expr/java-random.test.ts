import assert from 'node:assert/strict'
import { test } from 'node:test'
import { JavaRandom } from './java-random.ts'

test('a seed gives the numbers of java.util.Random', () => {
  // The first values of new Random(42) and new Random(0), from Java.
  assert.equal(new JavaRandom(42).nextDouble(), 0.7275636800328681)
  assert.equal(new JavaRandom(0).nextDouble(), 0.730967787376657)
  const random = new JavaRandom(42)
  assert.deepEqual([random.nextInt(10), random.nextInt(10)], [0, 3])
})
