const OURS = new URL('./tap-of-the-file.mjs', import.meta.url).href

/** Node's hook: a test file that imports `tap` gets the subtest that it runs in. */
export async function resolve(specifier, context, nextResolve) {
  const isRunner = /\/test\/runner\/[^/]+\.mjs$/.test(context.parentURL ?? '')
  if (specifier !== 'tap' || isRunner) return nextResolve(specifier, context)
  return { url: OURS, shortCircuit: true }
}
