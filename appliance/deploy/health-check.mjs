// Asks the appliance whether it is ready, for container engines: exit code 0 if so, else 1 and why.
// The address follows api.listen; where that is not the default, it is given as argument or in
// SWITCHHOOK_HEALTH_URL.
const url = process.argv[2] ?? process.env.SWITCHHOOK_HEALTH_URL ?? 'http://127.0.0.1:8067/readyz'

try {
  const response = await fetch(url, { signal: AbortSignal.timeout(3000) })
  const body = (await response.text()).slice(0, 1000)
  console.log(`${url} ${response.status} ${body}`)
  process.exitCode = response.ok ? 0 : 1
} catch (error) {
  console.log(`${url} ${error.cause?.message ?? error.message}`)
  process.exitCode = 1
}
