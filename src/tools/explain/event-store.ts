import type { ServerEvent } from './server-log/server-event.ts'

/** Most things that are kept of all files together: more than a log of 256 MiB holds. */
const MOST_EVENTS = 6_000_000

/** Room is taken in pieces of so many events, so that nothing is ever copied into a larger one. */
const PIECE = 65_536

/** Different things that are told apart: files, clients and what became of them. */
const MOST_SHAPES = 500_000

/** What an event tells beside when it was and from which port: a log tells the same again and again. */
type Shape = ServerEvent extends infer Event
  ? Event extends unknown
    ? Omit<Event, 'atMs' | 'port'>
    : never
  : never

type Piece = {
  readonly atMs: Float64Array
  readonly shapes: Uint32Array
  readonly ports: Uint16Array
}

/**
 * The events of logs and captures, some dozen bytes each: a large log has millions, and phones do the same
 * at every boot.
 */
export class EventStore {
  readonly #pieces: Piece[] = []
  readonly #shapes: Shape[] = []
  readonly #shapeIds = new Map<string, number>()
  readonly #untimed: { readonly from: number; readonly to: number }[] = []
  readonly #most: number
  #length = 0
  #isSorted = true
  #lastAtMs = Number.NEGATIVE_INFINITY

  /** @param most - How many events there is room for. */
  constructor(most = MOST_EVENTS) {
    this.#most = most
  }

  /** How many there are. */
  get length(): number {
    return this.#length
  }

  /** Whether no more is kept. */
  get isFull(): boolean {
    return this.#length >= this.#most || this.#shapes.length >= MOST_SHAPES
  }

  /** Keeps an event; nothing where there is no room. */
  add(event: ServerEvent): void {
    if (this.isFull) return
    const at = this.#length % PIECE
    if (at === 0) this.#pieces.push(aPiece())
    const piece = this.#pieces.at(-1) as Piece
    piece.atMs[at] = event.atMs
    piece.shapes[at] = this.#shapeId(event)
    piece.ports[at] = 'port' in event ? (event.port ?? 0) : 0
    if (event.atMs < this.#lastAtMs) this.#isSorted = false
    this.#lastAtMs = event.atMs
    this.#length++
  }

  /** Says of all events from this one on that their order is all that is known: the log had no times. */
  setUntimed(from: number): void {
    this.#untimed.push({ from, to: this.#length })
  }

  /** When it was. */
  atMsOf(index: number): number {
    return this.#piece(index).atMs[index % PIECE] as number
  }

  /** Which shape it has: events of one shape differ in time and port alone. */
  shapeOf(index: number): number {
    return this.#piece(index).shapes[index % PIECE] as number
  }

  /**
   * Tests each shape once instead of each event.
   *
   * @param test - Is given an event at no time and from no port.
   * @returns Whether the test holds for a shape of {@link shapeOf}.
   */
  testShapes(test: (event: ServerEvent) => boolean): (shape: number) => boolean {
    const holds = Uint8Array.from(this.#shapes, (shape) => Number(test(eventOf(shape, 0, 0))))
    return (shape) => holds[shape] === 1
  }

  /** The event, built again. */
  at(index: number): ServerEvent {
    const piece = this.#piece(index)
    const [atMs, port] = [piece.atMs[index % PIECE] as number, piece.ports[index % PIECE] as number]
    const shape = this.#shapes[piece.shapes[index % PIECE] as number] as Shape
    const event = eventOf(shape, atMs, port)
    const isUntimed =
      atMs === 0 && this.#untimed.some(({ from, to }) => index >= from && index < to)
    return isUntimed ? { ...event, clock: 'none' } : event
  }

  /** The indices in the order of time; of two at one time in the order in which they were kept. */
  inOrder(): Uint32Array {
    const order = Uint32Array.from({ length: this.#length }, (_, index) => index)
    if (this.#isSorted) return order
    return order.sort((a, b) => this.atMsOf(a) - this.atMsOf(b) || a - b)
  }

  #piece(index: number): Piece {
    return this.#pieces[Math.floor(index / PIECE)] as Piece
  }

  #shapeId(event: ServerEvent): number {
    const key = keyOf(event)
    const known = this.#shapeIds.get(key)
    if (known !== undefined) return known
    const id = this.#shapes.length
    this.#shapeIds.set(key, id)
    // By way of JSON, because a name that is cut out of a line would keep all of the text around it.
    const { atMs: _atMs, ...shape } = JSON.parse(JSON.stringify(event)) as ServerEvent
    if ('port' in shape) delete (shape as { port?: number }).port
    this.#shapes.push(shape as Shape)
    return id
  }
}

/** The two that logs are full of are written out: to copy an object of any form takes ten times as long. */
function eventOf(shape: Shape, atMs: number, port: number): ServerEvent {
  if (port === 0 && shape.clock === undefined) {
    if (shape.kind === 'request' && shape.server === undefined) {
      return { kind: 'request', client: shape.client, name: shape.name, atMs }
    }
    if (shape.kind === 'absent') {
      return { kind: 'absent', client: shape.client, name: shape.name, atMs }
    }
    if (shape.kind === 'ended') {
      const { client, name, outcome, bytes } = shape
      return { kind: 'ended', client, name, outcome, bytes, atMs }
    }
  }
  return (port === 0 ? { ...shape, atMs } : { ...shape, atMs, port }) as ServerEvent
}

function aPiece(): Piece {
  return {
    atMs: new Float64Array(PIECE),
    shapes: new Uint32Array(PIECE),
    ports: new Uint16Array(PIECE),
  }
}

/** The same text for the same shape. */
function keyOf(event: ServerEvent): string {
  const clock = event.clock ?? ''
  switch (event.kind) {
    case 'request':
      if (event.server !== undefined) break
      return `r${event.client} ${clock} ${event.name}`
    case 'absent':
      return `a${event.client} ${clock} ${event.name}`
    case 'ended':
      return `e${event.client} ${clock} ${event.outcome} ${event.bytes} ${event.name}`
    default:
  }
  return JSON.stringify({ ...event, atMs: 0, port: 0 })
}
