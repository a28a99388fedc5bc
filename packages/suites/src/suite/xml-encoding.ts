import { TextDecoder } from 'node:util';

// The declaration stands at the very beginning; this is more than any writer needs for it.
const declarationBytes = 256;
const declaration = /^<\?xml[^>]{0,200}?\sencoding\s*=\s*["']([\w.:-]{1,40})["']/;

/**
 * The encoding of an XML file by its first bytes: byte order mark, the zeros of UTF-16, then the declaration. A declaration of
 * UTF-16 in a file of single bytes is wrong (.NET writes it when a string is saved as UTF-8) and means UTF-8.
 *
 * @returns a label that TextDecoder knows
 */
function encodingOf(first: Buffer): string {
  const [a, b] = first;
  if ((a === 0xff && b === 0xfe) || (a === 0x3c && b === 0)) return 'utf-16le';
  if ((a === 0xfe && b === 0xff) || (a === 0 && b === 0x3c)) return 'utf-16be';
  const [, label = 'utf-8'] = declaration.exec(first.toString('latin1', 0, declarationBytes)) ?? [];
  try {
    const { encoding } = new TextDecoder(label);
    return encoding.startsWith('utf-16') ? 'utf-8' : encoding;
  } catch {
    return 'utf-8';
  }
}

/** The text of an XML file, without its byte order mark. What is no character of its encoding becomes U+FFFD. */
export async function* decodeXml(chunks: AsyncIterable<Buffer>): AsyncGenerator<string> {
  let decoder: TextDecoder | undefined;
  for await (const chunk of chunks) {
    decoder ??= new TextDecoder(encodingOf(chunk));
    yield decoder.decode(chunk, { stream: true });
  }
  yield decoder?.decode() ?? '';
}
