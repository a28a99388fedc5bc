/** Something is not as it has to be; the message is for the person who runs the program. */
export class CheckFailed extends Error {
  override name = 'CheckFailed';
}

/** @throws CheckFailed with what had to hold */
export function check(holds: boolean, what: string, seen?: unknown): asserts holds {
  if (!holds) throw new CheckFailed(seen === undefined ? what : `${what}; seen: ${shown(seen)}`);
}

/** @throws CheckFailed with both values */
export function checkEqual(seen: unknown, wanted: unknown, what: string): void {
  const [one, other] = [shown(seen), shown(wanted)];
  if (one !== other) throw new CheckFailed(`${what} is ${one} and not ${other}`);
}

const shown = (value: unknown): string => (JSON.stringify(value) ?? 'undefined').slice(0, 1_000);
