// Goal: Rheo answers as a real Flink did, in every mode. Method: each case of the corpus runs in all modes; pending.txt names those that do
// not pass yet (npm run corpus -- --update writes it, npm run corpus tells the reasons), and a case of it that passes fails the test.
// The other half of the cases is in corpus-second.test.ts.
import { testCases, testLists } from './test-cases.ts'

testLists()
testCases(0, 2)
