import { preact } from '@preact/preset-vite'
import { defineConfig } from 'vite'

/** How the page is built: files of its own only, as the content security policy asks. */
// biome-ignore lint/style/noDefaultExport: Vite asks for it
export default defineConfig({
  root: import.meta.dirname,
  base: './',
  plugins: [preact()],
  build: {
    outDir: '../../dist/dashboard',
    emptyOutDir: true,
    // Nothing inside the HTML or as data: URL: what is served is what is in the folder.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
  },
})
