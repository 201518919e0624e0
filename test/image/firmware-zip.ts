// Writes a synthetic firmware archive: node --import ... test/image/firmware-zip.ts LOAD FILE
import { writeFileSync } from 'node:fs'
import { aFirmwareZip } from '../system/support/a-firmware-zip.ts'

const [load = '', file = ''] = process.argv.slice(2)
writeFileSync(file, await aFirmwareZip(load))
