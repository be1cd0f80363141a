// The other half of the cases of corpus.test.ts, so that two processes share them.
import { testCases } from './test-cases.ts'

testCases(1, 2)
