import { MIMEType } from 'node:util';

export interface MediaType {
  essence: string;
  charset: string | undefined;
}

const readable: readonly string[] = ['text/html', 'application/xhtml+xml', 'text/plain'];

/** What a header content-type says, or undefined when it is missing or of no page that is read. */
export function mediaTypeOf(header: string | undefined): MediaType | undefined {
  try {
    const { essence, params } = new MIMEType(header ?? '');
    if (!readable.includes(essence)) return undefined;
    return { essence, charset: params.get('charset') ?? undefined };
  } catch {
    return undefined;
  }
}

export const isHtml = ({ essence }: MediaType): boolean => essence !== 'text/plain';

// Where HTML wants its charset to be declared.
const headBytes = 1_024;

/** The text of a page: by its byte order mark, its header, what it declares itself, or as UTF-8. Never throws. */
export function decodePage(bytes: Buffer, type: MediaType): string {
  const mark = markOf(bytes);
  if (mark !== undefined) return new TextDecoder(mark).decode(bytes);
  const declared = type.charset ?? (isHtml(type) ? declaredIn(bytes) : undefined);
  return decodeAs(declared ?? 'utf-8', bytes);
}

function markOf(bytes: Buffer): string | undefined {
  if (bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf) return 'utf-8';
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return 'utf-16be';
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return 'utf-16le';
  return undefined;
}

function declaredIn(bytes: Buffer): string | undefined {
  const head = bytes.subarray(0, headBytes).toString('latin1');
  const charset = /<meta[^>]{0,200}charset\s*=\s*["']?\s*([\w-]{1,40})/i.exec(head)?.[1];
  // A page whose declaration could be read is not in UTF-16.
  return charset !== undefined && /^utf-16/i.test(charset) ? 'utf-8' : charset;
}

function decodeAs(label: string, bytes: Buffer): string {
  try {
    return new TextDecoder(label).decode(bytes);
  } catch {
    return new TextDecoder().decode(bytes);
  }
}
