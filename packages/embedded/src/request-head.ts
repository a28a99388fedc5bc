/** How the end of a request's body is found (RFC 9112, 6.3). */
export type BodyFraming = { kind: 'length'; bytes: number } | { kind: 'chunked' };

export type RewrittenHead =
  | { ok: true; head: string; body: BodyFraming }
  | { ok: false; status: 400 | 404; message: string };

const requestLine = /^([A-Z]+) (\S+) (HTTP\/1\.[01])$/;
const headerLine = /^([!#$%&'*+.^_`|~0-9A-Za-z-]+):[ \t]*(.*?)[ \t]*$/;
const malformed: RewrittenHead = { ok: false, status: 400, message: 'the request cannot be read' };

/**
 * Turns the head of a request to Supabase's gateway into one to PostgREST: the path without its prefix, and the key in
 * `Authorization` where it was only in `apikey`.
 *
 * Strict about everything that says where the request ends, so that both sides see the same requests.
 *
 * @param head everything before the empty line, without it
 */
export function rewriteHead(head: string, prefix: string): RewrittenHead {
  const [first = '', ...lines] = head.split('\r\n');
  const [, method, target = '', version] = requestLine.exec(first) ?? [];
  if (method === undefined) return malformed;
  const path = pathBehind(prefix, target);
  if (path === undefined) return { ok: false, status: 404, message: `only ${prefix} is served here` };

  let apikey: string | undefined;
  let authorized = false;
  let length: string | undefined;
  let chunked = false;
  for (const line of lines) {
    const [, name, value = ''] = headerLine.exec(line) ?? [];
    if (name === undefined) return malformed;
    switch (name.toLowerCase()) {
      case 'apikey':
        apikey = value;
        break;
      case 'authorization':
        authorized = true;
        break;
      case 'content-length':
        if (length !== undefined || !/^\d{1,15}$/.test(value)) return malformed;
        length = value;
        break;
      case 'transfer-encoding':
        if (chunked || value.toLowerCase() !== 'chunked') return malformed;
        chunked = true;
        break;
    }
  }
  if (chunked && length !== undefined) return malformed;
  if (!authorized && apikey !== undefined) lines.push(`authorization: Bearer ${apikey}`);
  return {
    ok: true,
    head: `${[`${method} ${path} ${version}`, ...lines].join('\r\n')}\r\n\r\n`,
    body: chunked ? { kind: 'chunked' } : { kind: 'length', bytes: Number(length ?? 0) },
  };
}

function pathBehind(prefix: string, target: string): string | undefined {
  if (!target.startsWith(prefix)) return undefined;
  const rest = target.slice(prefix.length);
  if (rest === '' || rest.startsWith('?')) return `/${rest}`;
  return rest.startsWith('/') ? rest : undefined;
}
