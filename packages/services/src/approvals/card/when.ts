/** `2026-11-02 18:00 Europe/Berlin (2026-11-02 17:00 UTC)`: the operator's own time, and the one that needs no thought. */
export function timeText(time: string, timeZone: string): string {
  const date = new Date(time);
  const utc = `${at(date, 'UTC')} UTC`;
  return timeZone === 'UTC' ? utc : `${at(date, timeZone)} ${timeZone} (${utc})`;
}

/** `2026-11-02 18:00 Europe/Berlin`: the operator's own time, for lists and lines that have no room for two. */
export function shortTime(time: string, timeZone: string): string {
  return `${at(new Date(time), timeZone)} ${timeZone}`;
}

// Swedish dates are those of ISO 8601.
function at(date: Date, timeZone: string): string {
  return new Intl.DateTimeFormat('sv-SE', { dateStyle: 'short', timeStyle: 'short', timeZone }).format(date);
}

const units = [
  ['d', 86_400],
  ['h', 3_600],
  ['min', 60],
  ['s', 1],
] as const;

/** `3 h 59 min`: the two largest units, rounded down, so that there is never less time than it says. */
export function durationText(ms: number): string {
  let seconds = Math.max(0, Math.floor(ms / 1_000));
  const parts: string[] = [];
  for (const [name, size] of units) {
    const count = Math.floor(seconds / size);
    seconds -= count * size;
    if (count > 0) parts.push(`${count} ${name}`);
    // Seconds matter in the last minutes only.
    if (parts.length === 2 || (parts.length === 1 && name === 'min' && count >= 10)) break;
  }
  return parts.length === 0 ? '0 s' : parts.join(' ');
}

/** How long it is from one time to another, as `durationText`. */
export function between(from: string, to: string): string {
  return durationText(Date.parse(to) - Date.parse(from));
}
