/** What an operator does about an error that kept the appliance from starting. */
export function explainStartFailure(error: unknown): string {
  const code = typeof error === 'object' && error !== null && 'code' in error ? error.code : null
  const message = error instanceof Error ? error.message : String(error)
  const advice = typeof code === 'string' ? ADVICE[code] : undefined
  return advice === undefined ? message : `${message}. ${advice}`
}

const ADVICE: Readonly<Record<string, string>> = {
  EADDRINUSE: 'Another program has that port: stop it, or set another port in the configuration.',
  EACCES:
    'Ports below 1024 need the right to bind them: run as root, or grant CAP_NET_BIND_SERVICE.',
  EADDRNOTAVAIL: 'That address is on no interface of this machine: check networks[].address.',
}
