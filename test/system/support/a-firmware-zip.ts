import { buffer } from 'node:stream/consumers'
import { ZipFile } from 'yazl'
import { makeFirmwareSet } from '../../../src/simulator/synthetic-firmware.ts'

/** The archive of a synthetic set, without the files that are left out. */
export async function aFirmwareZip(load: string, leftOut: readonly string[] = []): Promise<Buffer> {
  const zip = new ZipFile()
  for (const [name, bytes] of makeFirmwareSet(load)) {
    if (!leftOut.includes(name)) zip.addBuffer(Buffer.from(bytes), name)
  }
  zip.end()
  return buffer(zip.outputStream)
}
