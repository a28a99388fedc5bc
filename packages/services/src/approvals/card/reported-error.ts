const names = ['error', 'message', 'error_message', 'detail', 'reason'] as const;
const longest = 2_000;

/** What an agent has reported as the error of a failed outcome, in whatever form it did; undefined when it reported nothing. */
export function reportedError(result: unknown): string | undefined {
  const text = textOf(result).slice(0, longest).toWellFormed();
  return text.trim() === '' ? undefined : text;
}

function textOf(result: unknown): string {
  if (typeof result === 'string') return result;
  if (typeof result !== 'object' || result === null) return '';
  for (const name of names) {
    const value: unknown = Object.hasOwn(result, name) ? Reflect.get(result, name) : undefined;
    const text = textOf(value);
    if (text !== '') return text;
  }
  return Object.keys(result).length === 0 ? '' : JSON.stringify(result);
}
