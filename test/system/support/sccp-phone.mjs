// Speaks SCCP as it is told: connects, sends the frames given in hex, and prints what it hears in hex.
import { connect } from 'node:net'

const [host, milliseconds, ...frames] = process.argv.slice(2)
const socket = connect(2000, host)
socket.on('connect', () => {
  for (const frame of frames) socket.write(Buffer.from(frame, 'hex'))
})
socket.on('data', (bytes) => process.stdout.write(`${bytes.toString('hex')}\n`))
socket.on('error', (error) => process.stdout.write(`${error.code}\n`))
socket.on('close', () => process.exit(0))
setTimeout(() => socket.end(), Number(milliseconds))
