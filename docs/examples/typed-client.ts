// Enrols a phone and follows its conversion, with every path, field and answer checked by the compiler.
//   npx openapi-typescript http://127.0.0.1:8067/openapi.json -o switchhook.d.ts
import createClient from 'openapi-fetch'
import type { paths } from './switchhook.d.ts'

const [mac = '', from = '', to = ''] = process.argv.slice(2)
const api = createClient<paths>({
  baseUrl: process.env['SWITCHHOOK_API'] ?? 'http://127.0.0.1:8067',
  headers: { authorization: `Bearer ${process.env['SWITCHHOOK_API_TOKEN'] ?? 'none'}` },
})

const path = { mac }
// Only where it is new: a phone that is enrolled stays as it is, its lines and passwords too.
const isNew = { path, header: { 'if-none-match': '*' } }
const enrolled = await api.PUT('/v1/phones/{mac}', { params: isNew, body: { model: '7960' } })
if (enrolled.error !== undefined && enrolled.response.status !== 412) {
  throw new Error(enrolled.error.detail)
}
const begun = await api.PUT('/v1/phones/{mac}/conversion', { params: { path }, body: { from, to } })
if (begun.error !== undefined) throw new Error(begun.error.detail)

let conversion = begun.data
while (conversion.state === 'waiting' || conversion.state === 'running') {
  const params = { path, query: { wait: 60 } }
  const { data, error } = await api.GET('/v1/phones/{mac}/conversion', { params })
  if (error !== undefined) throw new Error(error.detail)
  conversion = data
}
console.log(`${conversion.mac}: ${conversion.state}`, conversion.diagnosis?.remedy ?? '')
process.exitCode = conversion.state === 'confirmed' ? 0 : 1
