// The entry of the kernel module: every exported function of the files beside it. One file a subject.
export * from './copy'
export * from './gather'
export * from './hash'
export * from './hash-table'
export * from './keys'
export * from './nexmark'
export * from './decimal'
