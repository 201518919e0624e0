import t from 'tap'
import { FileCache, FileCacheFullError, makeCachedFile } from '../../src/files/file-cache.ts'

// FIPS 180-2 appendix B.1
const ABC_SHA256 = 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad'

t.test('content is found by its SHA-256 and shared, not copied again', async (t) => {
  const cache = new FileCache(100)
  const given = new TextEncoder().encode('abc')
  const file = cache.put(given)
  t.equal(file.sha256, ABC_SHA256)
  t.equal(file.bytes.buffer.byteLength, 3, 'no view on a buffer that others write to')
  given[0] = 0
  t.same([...file.bytes], [0x61, 0x62, 0x63], 'the cache has bytes of its own')
  t.equal(cache.put(new TextEncoder().encode('abc')), file)
  t.equal(cache.get(ABC_SHA256), file)
  t.equal(cache.get('00'), undefined)
  t.match(cache.counters(), { files: 1, sizeBytes: 3, hits: 2, misses: 2, evictions: 0 })
})

t.test('content can be made without a cache, and is still a copy', async (t) => {
  const given = new TextEncoder().encode('abc')
  const file = makeCachedFile(given)
  given[0] = 0
  t.equal(file.sha256, ABC_SHA256)
  t.same([...file.bytes], [0x61, 0x62, 0x63])
})

t.test('unused entries make room, the longest unused first', async (t) => {
  const cache = new FileCache(30)
  const [a, b, c] = [filled(10, 1), filled(10, 2), filled(10, 3)].map((bytes) => cache.put(bytes))
  cache.get(a?.sha256 ?? '')
  const d = cache.put(filled(10, 4))
  t.equal(cache.get(b?.sha256 ?? ''), undefined, 'unused for longest')
  for (const kept of [a, c, d]) t.equal(cache.get(kept?.sha256 ?? ''), kept)
  t.match(cache.counters(), { files: 3, sizeBytes: 30, evictions: 1, evictedBytes: 10 })
})

t.test(
  'what is held stays; where it leaves no room, the error says how much is missing',
  async (t) => {
    const cache = new FileCache(30)
    const held = cache.put(filled(20, 1))
    cache.retain(held)
    cache.retain(held)
    cache.release(held)
    const idle = cache.put(filled(10, 2))
    cache.put(filled(5, 3))
    t.equal(cache.get(idle.sha256), undefined)
    t.equal(cache.get(held.sha256), held)
    t.throws(() => cache.put(filled(11, 4)), new FileCacheFullError(11, 20, 30))
    t.throws(() => cache.put(filled(11, 4)), {
      message: 'content of 11 bytes does not fit: 20 of 30 bytes of the file cache are in use',
    })
    cache.release(held)
    cache.put(filled(30, 5))
    t.equal(cache.get(held.sha256), undefined)
  },
)

t.test('bytes that were handed out outlive their place in the cache', async (t) => {
  const cache = new FileCache(10)
  const first = cache.put(filled(10, 1))
  cache.put(filled(10, 2))
  t.same(first.bytes, filled(10, 1))
  cache.retain(first)
  t.equal(cache.put(filled(10, 3)).bytes.length, 10, 'a hold on what has left takes no room')
})

t.test('holds belong to the bytes: a release of earlier ones frees nothing', async (t) => {
  const cache = new FileCache(10)
  const earlier = cache.put(filled(10, 1))
  cache.put(filled(10, 2))
  const now = cache.put(filled(10, 1))
  t.not(now, earlier)
  cache.retain(now)
  cache.release(earlier)
  t.throws(() => cache.put(filled(1, 3)), FileCacheFullError)
  cache.release(now)
  cache.release(now)
  t.equal(cache.put(filled(1, 3)).bytes.length, 1, 'one release too many does nothing')
})

t.test('an empty file is content like any other', async (t) => {
  const cache = new FileCache(0)
  t.equal(cache.put(new Uint8Array()).bytes.length, 0)
  t.throws(() => cache.put(filled(1, 1)), FileCacheFullError)
})

function filled(length: number, octet: number): Uint8Array {
  return new Uint8Array(length).fill(octet)
}
