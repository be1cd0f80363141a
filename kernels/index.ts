// The entry of the kernel module: every exported function of the files beside it. One file a subject.
export * from './copy'
export * from './gather'
export * from './hash'
export * from './hash-table'
export { migrate, migrationEnd } from './slot-table'
export { clearLines, filterRows, lineAddresses, markChangedCells, markChangedTexts, selectChanges, spreadWords, touchGroups } from './groups'
export {
  addCounts,
  addDecimals,
  addFloats,
  addWholes,
  copyTakenTexts,
  keepNumbers,
  keepTexts,
  keepWides,
  keepWords,
  mergeCounts,
  mergeDecimals,
  mergeFloats,
  mergeKept,
  mergeWholes,
  spreadMissing,
  takeCounts,
  takeDecimalAverages,
  takeDecimals,
  takeFloatAverages,
  takeTexts,
  takeWholeAverages,
  takeWides,
  takeWords,
  takenTextSize,
  unmergeCounts,
  unmergeDecimals,
  unmergeWholes,
} from './accumulate'
export { addVariances, takeVariances } from './variance'
export { addArrival, addArrivals, forgetArrivals, listSizes, takeArrivals, writeLists } from './arrivals'
export { addValues, forgetValues, keepMembers, markMembers, mergeValue, multisetSizes, writeMultisets } from './group-values'
export * from './windows'
export { hashKeys, keyGroup, keyGroups, keySizes, readKeys, writeKeys } from './keys'
export * from './nexmark'
export * from './nexmark-texts'
export * from './decimal'
export * from './text-scan'
export { clearMasks, findNulls } from './fields'
export * from './csv'
export * from './csv-encode'
export * from './json'
export { encodeJson } from './json-encode'
export * from './text'
export * from './memo'
export * from './row-store'
export * from './join'
export * from './mark-join'
export * from './pending-rows'
export * from './rank'
export { linePrefix } from './row-order'
export { takeFirsts } from './value-heap'
export { countMatchRows, findMatchRow, showMatchCells } from './match'
