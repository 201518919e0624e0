/**
 * Firmware files by the layout facts alone, with nothing of Cisco's in them: a signature header of
 * 404 octets whose elements stand one after the other, and images that carry their name at 0x20.
 */

/** An unsigned image of `size` octets that carries `name` at octet 0x20, ended by a NUL. */
export function anImage(name: string, size: number, fill = 0xa5): Uint8Array {
  const bytes = new Uint8Array(size).fill(fill)
  bytes.set(ascii(`${name}\0`), 0x20)
  return bytes
}

/** `content` behind a signature header that says `fileName`. */
export function signed(fileName: string, content: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(404 + content.length)
  bytes.set(aHeader(fileName))
  bytes.set(content, 404)
  return bytes
}

/** The header: version, length, signer, signature, file name, padding. */
export function aHeader(fileName: string): Uint8Array {
  const elements = [
    ...element(0x01, [0x01, 0x01]),
    ...element(0x02, [0x01, 0x94]),
    ...element(0x03, [0x00, 0x17]),
    ...element(0x04, ascii('CN=Nobody\0')),
    ...element(0x05, [0, 1]),
    ...element(0x06, ascii('CN=\0')),
    ...element(0x07, [0x00, 0x0f]),
    ...element(0x0b, new Uint8Array(256).fill(0x5a)),
    ...element(0x0e, ascii(`${fileName}\0`)),
  ]
  return Uint8Array.from({ length: 404 }, (_, index) => elements[index] ?? 0x0d)
}

/** A `.loads` file with the three lines that real ones have, ended by LF as in 8.x. */
export function aLoads(load: string, loader: string, end = '\n'): Uint8Array {
  const lines = [`${loader}.sbn`, `${load}.sb2`, 'LA_VERSION=PAS30830', '']
  return signed(`${load}.loads`, ascii(lines.join(end)))
}

/** A whole set with a universal application loader, of real sizes (SIP 8.12), by file name. */
export function aUalSet(load: string, loader: string): Map<string, Uint8Array> {
  const loaderImage = anImage(loader, 130_552)
  return new Map([
    [`${loader}.bin`, loaderImage],
    [`${loader}.sbn`, signed(`${loader}.sbn`, loaderImage)],
    [`${load}.loads`, aLoads(load, loader)],
    [`${load}.sb2`, signed(`${load}.sb2`, anImage(load, 756_120))],
  ])
}

/** Text as octets. */
export function ascii(text: string): Uint8Array {
  return new TextEncoder().encode(text)
}

function element(type: number, value: ArrayLike<number>): readonly number[] {
  return [type, value.length >> 8, value.length & 255, ...Array.from(value)]
}
