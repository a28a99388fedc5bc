import { writeFileSync } from 'node:fs';
import process from 'node:process';

/** What an app tells its supervisor again and again, for as long as its event loop turns. */
export const heartbeat = 'heartbeat';

const everyMs = 5_000;

/**
 * Writes a file again and again for as long as the event loop of this process turns: what the health check of a container looks at.
 * Keeps no process running.
 */
export function writeHeartbeats(file: string, intervalMs = everyMs): void {
  const write = () => {
    try {
      writeFileSync(file, new Date().toISOString());
    } catch {
      // Who looks at it sees that it is old.
    }
  };
  write();
  setInterval(write, intervalMs).unref();
}

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
