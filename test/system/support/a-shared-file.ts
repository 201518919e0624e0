/** Puts a file of so many octets where every client of a network that admits anyone gets it. */
export async function putSharedFile(apiUrl: string, name: string, octets: number): Promise<void> {
  const answer = await fetch(`${apiUrl}/v1/files/${name}`, {
    method: 'PUT',
    headers: { 'content-type': 'application/octet-stream' },
    body: new Uint8Array(octets).fill(0x5a),
  })
  if (!answer.ok) throw new Error(`${answer.status}: ${await answer.text()}`)
}
