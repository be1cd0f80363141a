// The entry of the kernel module: every exported function of the files beside it. One file a subject.
export * from './copy'
