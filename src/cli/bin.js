#!/usr/bin/env node
// Plain JavaScript that an old Node can read: it says in one line what is wanted, and only then loads the rest.
const wanted = [22, 18]
const found = process.versions.node.split('.').map(Number)
if (found[0] < wanted[0] || (found[0] === wanted[0] && found[1] < wanted[1])) {
  console.error(`Cannot start rheo: this is Node ${process.versions.node}, wanted is ${wanted.join('.')} or later  [cli/old-node]`)
  process.exitCode = 2
} else {
  // V8 keeps what it compiled for the next start, which then takes a third of the time less.
  const nodeModule = process.getBuiltinModule('node:module')
  if (nodeModule.enableCompileCache !== undefined) nodeModule.enableCompileCache()
  import('./main.js').then(({ main }) => main(process.argv.slice(2)))
}
