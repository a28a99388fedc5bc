import { parseJson } from '../json.ts';

export type Fetched = { ok: true; value: unknown } | { ok: false; reason: string; away: boolean };

// The document about a package with thousands of versions has some 50 MiB.
const maxBytes = 64 * 1024 * 1024;
const timeoutMs = 15_000;

/** JSON from a registry, within bounds of time and size. `away`: there is no use in asking it for others. */
export async function fetchJson(address: string, accept: string, signal: AbortSignal): Promise<Fetched> {
  try {
    const response = await fetch(address, {
      headers: { accept },
      signal: AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]),
    });
    if (!response.ok) {
      await response.body?.cancel();
      return { ok: false, reason: `the registry answers ${response.status}`, away: response.status !== 404 };
    }
    let [bytes, text] = [0, ''];
    const decoder = new TextDecoder();
    for await (const chunk of response.body ?? []) {
      bytes += chunk.length;
      if (bytes > maxBytes)
        return { ok: false, reason: 'the registry answers more than is read', away: false };
      text += decoder.decode(chunk, { stream: true });
    }
    const parsed = parseJson(text);
    return parsed.ok ? parsed : { ok: false, reason: 'the registry answers no JSON', away: true };
  } catch {
    signal.throwIfAborted();
    return { ok: false, reason: 'the registry cannot be reached', away: true };
  }
}
