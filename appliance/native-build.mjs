/**
 * How better-sqlite3 gets its native part: compiled from the source in its package, whose hash is in
 * package-lock.json. Left to itself, its install script (prebuild-install) first asks GitHub for a
 * binary, for which there is no hash. Plain JavaScript: `prepare.mjs` runs before there is a build.
 */
export const NATIVE_BUILD = {
  args: ['--ignore-scripts=false'],
  environment: { npm_config_build_from_source: 'true' },
}
