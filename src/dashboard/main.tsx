import { render } from 'preact'
import { App } from './app.tsx'
import { PageApi } from './data/page-api.ts'
import { PageStore } from './data/page-store.ts'
import { parseRoute } from './data/route.ts'
import './style/style.css'

const place = document.getElementById('page')
if (place === null) throw new Error('index.html has no element for the page')
place.replaceChildren()
const store = new PageStore(new PageApi())
// What another part shows is not read first.
store.show(parseRoute(location.hash))
render(<App store={store} />, place)
store.start()
