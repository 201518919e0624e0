/** The part of the untyped package `dhcp` that the option table reads. */
declare module 'dhcp/lib/options.js' {
  const catalogue: {
    /** By option code as text; a few rows above 254 are settings of that package, not options. */
    readonly opts: Readonly<
      Record<
        string,
        {
          readonly name: string
          readonly type?: string
          readonly config?: string
          readonly attr?: string
        }
      >
    >
  }
  // biome-ignore lint/style/noDefaultExport: the CommonJS module has no other export
  export default catalogue
}
