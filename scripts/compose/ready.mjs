// Whether the gateway of the containers answers, at the port that is published.
import { mustCompose } from './run.mjs';

const everyMs = 500;

/**
 * Waits until the plane is ready.
 *
 * @param {number} withinSeconds
 * @returns {Promise<string>} where it is
 */
export async function waitReady(withinSeconds = 180) {
  const address = (
    await mustCompose(['port', 'gateway', '8787'], { stdio: ['ignore', 'pipe', 'inherit'] })
  ).trim();
  const url = `http://${address}`;
  const deadline = Date.now() + withinSeconds * 1_000;
  for (;;) {
    const answer = await fetch(`${url}/readyz`).catch(() => undefined);
    if (answer?.ok) return url;
    if (Date.now() > deadline) {
      throw new Error(`The plane is not ready after ${withinSeconds} s. Look at: npm run compose -- logs`);
    }
    await new Promise((resolve) => setTimeout(resolve, everyMs));
  }
}
