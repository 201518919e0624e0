// A receiver of webhooks: verifies the signature, prints each event once.
//   SWITCHHOOK_SECRET_FILE=./secret PORT=8080 node webhook-receiver.mjs
import { createHmac, timingSafeEqual } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { createServer } from 'node:http'

const secret = readFileSync(process.env.SWITCHHOOK_SECRET_FILE, 'utf8').trim()
let newestId = 0

/** Over the bytes as they came: JSON that was parsed and written again may differ. */
function isGenuine(body, signature) {
  const wanted = Buffer.from(createHmac('sha256', secret).update(body).digest('hex'))
  const given = Buffer.from(signature ?? '')
  return given.length === wanted.length && timingSafeEqual(given, wanted)
}

const server = createServer(async (request, response) => {
  const chunks = []
  for await (const chunk of request) chunks.push(chunk)
  const body = Buffer.concat(chunks)
  if (!isGenuine(body, request.headers['x-switchhook-signature'])) {
    response.writeHead(401).end()
    return
  }
  response.writeHead(204).end()
  const event = JSON.parse(body)
  // A delivery whose answer was lost comes again.
  if (event.id <= newestId) return
  newestId = event.id
  console.log(event.at, event.event, event.mac ?? '', JSON.stringify(event.fields))
})

server.listen(Number(process.env.PORT ?? 8080), () => {
  console.log(`listening on port ${server.address().port}`)
})
