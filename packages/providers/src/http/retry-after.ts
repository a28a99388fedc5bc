/** Longest wait that is taken from an answer: a day. */
const mostMs = 86_400_000;

/** `Retry-After`, in seconds or as a date, as milliseconds from now; undefined when there is none that can be read. */
export function retryAfterMs(
  headers: { get(name: string): string | null },
  now = Date.now(),
): number | undefined {
  const text = headers.get('retry-after')?.trim();
  if (text === undefined || text === '') return undefined;
  const ms = /^\d+(\.\d+)?$/.test(text) ? Number(text) * 1_000 : Date.parse(text) - now;
  return Number.isNaN(ms) ? undefined : Math.min(Math.max(Math.ceil(ms), 0), mostMs);
}
