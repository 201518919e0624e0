import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { buffer } from 'node:stream/consumers'
import { ZipFile } from 'yazl'
import { makeFirmwareSet } from '../../src/simulator/synthetic-firmware.ts'
import { ExitCode } from '../exit-codes.ts'
import { reasonOf } from '../start/file-reason.ts'

/** A date of its own for every file, so that the same load gives the same archive. */
const MADE_AT = new Date(Date.UTC(2000, 0, 1))

/**
 * `switchhook simulate --make-firmware`: archives of synthetic firmware for simulated phones. A file that is
 * there is never written over: it might be what Cisco ships.
 */
export async function writeFirmware(loads: readonly string[], folder: string): Promise<void> {
  for (const load of loads) {
    const file = join(folder, `synthetic-${load}.zip`)
    try {
      await writeFile(file, await archiveOf(load), { flag: 'wx' })
      console.log(`${file} written: synthetic, for simulated phones only`)
    } catch (error) {
      if (error instanceof RangeError) {
        console.error(`simulate: ${load} is no load of SCCP or SIP, such as P00308000500`)
        process.exitCode = ExitCode.usage
        return
      }
      console.error(`simulate: ${file} is not written: ${reasonOf(error)}`)
      process.exitCode = ExitCode.no
      return
    }
  }
}

async function archiveOf(load: string): Promise<Uint8Array> {
  const zip = new ZipFile()
  for (const [name, bytes] of makeFirmwareSet(load)) {
    zip.addBuffer(Buffer.from(bytes), name, { mtime: MADE_AT })
  }
  zip.end()
  return buffer(zip.outputStream)
}
