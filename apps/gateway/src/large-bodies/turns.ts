/** Lets one piece of work go on in each turn of the event loop, so that what came meanwhile is answered in between. */
export function createTurns(): () => Promise<void> {
  let last: Promise<void> = Promise.resolve();
  const nextTurn = () => new Promise<void>((resolve) => setImmediate(resolve));
  return () => (last = last.then(nextTurn));
}
