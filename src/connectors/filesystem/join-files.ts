import { dirname, join } from 'node:path'
import type { Files } from '../../base/ports.ts'

const COPY_BYTES = 1 << 20

export interface JoinPlace {
  readonly files: Files
  /** Where the files lie. */
  readonly folder: string
  readonly mostBytes: number
}

/** Appends small files of one folder to each other, in their order, up to some size. Returns the paths of the files that are there then, in order. */
export async function joinFiles(place: JoinPlace, paths: readonly string[]): Promise<readonly string[]> {
  const results: string[] = []
  for (const [, siblings] of Map.groupBy(paths, (path) => dirname(path))) {
    for (const group of await groupsOf(place, siblings)) {
      if (group.length === 1) results.push(group[0]!)
      else results.push(await joinGroup(place, group))
    }
  }
  return results
}

async function groupsOf({ files, folder, mostBytes }: JoinPlace, paths: readonly string[]): Promise<readonly (readonly string[])[]> {
  const groups: string[][] = []
  let sizeBytes = Infinity
  for (const path of paths) {
    const size = (await files.status(join(folder, path)))?.sizeBytes ?? 0
    if (sizeBytes + size > mostBytes) {
      groups.push([])
      sizeBytes = 0
    }
    groups.at(-1)!.push(path)
    sizeBytes += size
  }
  return groups
}

async function joinGroup({ files, folder }: JoinPlace, paths: readonly string[]): Promise<string> {
  const target = `${paths[0]!}-joined`
  const writer = await files.openWrite(join(folder, target))
  const bytes = new Uint8Array(COPY_BYTES)
  try {
    for (const path of paths) {
      const reader = await files.openRead(join(folder, path))
      try {
        for (let at = 0; ;) {
          const length = await reader.read(bytes, at)
          if (length === 0) break
          at += length
          await writer.write(bytes.subarray(0, length))
        }
      } finally {
        await reader.close()
      }
    }
    await writer.sync()
  } finally {
    await writer.close()
  }
  for (const path of paths) await files.remove(join(folder, path))
  return target
}
