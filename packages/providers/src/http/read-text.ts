/**
 * The text of a body that is decompressed already, read as it comes, so that what it inflates to is never in memory as a whole.
 *
 * @returns undefined when there are more bytes than that; the rest is not read
 */
export async function readText(body: Response['body'], maxBytes: number): Promise<string | undefined> {
  if (body === null) return '';
  const decoder = new TextDecoder();
  let bytes = 0;
  let text = '';
  // Leaving the loop early cancels the stream.
  for await (const chunk of body) {
    // A body of fetch brings bytes.
    const part = chunk as Uint8Array;
    bytes += part.byteLength;
    if (bytes > maxBytes) return undefined;
    text += decoder.decode(part, { stream: true });
  }
  return text + decoder.decode();
}
