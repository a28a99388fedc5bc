/** Gives the headers that a signed call carries: Standard Webhooks over `<method>.<path>.<body>`. */
export type Sign = (call: { method: string; path: string; body: string }) => Promise<Record<string, string>>;

const prefix = 'whsec_';

/** @returns undefined when the secret is not `whsec_` and a key in base64 */
export function createSign(secret: string): Sign | undefined {
  const bytes = secret.startsWith(prefix) ? fromBase64(secret.slice(prefix.length)) : undefined;
  if (bytes === undefined) return undefined;
  const { subtle } = globalThis.crypto;
  const key = subtle.importKey('raw', bytes, { name: 'HMAC', hash: 'SHA-256' }, false, ['sign']);
  return async ({ method, path, body }) => {
    // Anew for each attempt: the plane takes an id once.
    const id = `msg_${globalThis.crypto.randomUUID()}`;
    const timestamp = Math.floor(Date.now() / 1_000);
    const content = new TextEncoder().encode(`${id}.${timestamp}.${method}.${path}.${body}`);
    const signature = new Uint8Array(await subtle.sign('HMAC', await key, content));
    return {
      'webhook-id': id,
      'webhook-timestamp': String(timestamp),
      'webhook-signature': `v1,${btoa(String.fromCodePoint(...signature))}`,
    };
  };
}

function fromBase64(text: string): Uint8Array<ArrayBuffer> | undefined {
  try {
    return Uint8Array.from(atob(text), (letter) => letter.codePointAt(0) ?? 0);
  } catch {
    return undefined;
  }
}
