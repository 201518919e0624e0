import tap from 'tap'

let current = tap

/** From now on `import t from 'tap'` means this test: that of the file that is imported next. */
export function useTest(test) {
  current = test
}

/** What a test file sees as tap's root. */
const rootOfFile = new Proxy(
  {},
  {
    get(_, name) {
      const value = Reflect.get(current, name)
      return typeof value === 'function' ? value.bind(current) : value
    },
  },
)

// biome-ignore lint/style/noDefaultExport: as tap has it
export default rootOfFile
