import process from 'node:process';

/** What an app tells its supervisor again and again, for as long as its event loop turns. */
export const heartbeat = 'heartbeat';

const everyMs = 5_000;

/** Tells the supervisor, if there is one, that this process is alive. Keeps no process running. */
export function sendHeartbeats(intervalMs = everyMs): void {
  if (process.send === undefined) return;
  const send = () => {
    // That nobody listens any more is found out elsewhere.
    if (process.connected) process.send?.(heartbeat, undefined, undefined, () => undefined);
  };
  send();
  setInterval(send, intervalMs).unref();
}
