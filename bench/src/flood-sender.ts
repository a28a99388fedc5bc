import { Agent, request } from 'node:http';
import process from 'node:process';

/*
 * The flood of flood.bench.ts, in a process of its own, so that who measures is not held up by it. Sends the same POST so many times at
 * once, round after round until the time is over, and prints how many answers of each status came.
 */
const [, , url = '', secret = '', body = '', parallel = '1', seconds = '0'] = process.argv;
const unit = 'curl -u a:';
// Texts of 64 KiB, as large as a field can be.
const batch = (events: number) =>
  JSON.stringify({
    events: Array.from({ length: events }, () => ({
      agent_id: 'flood',
      action_type: 'flood',
      status: 'ok',
      error: unit.repeat(Math.floor(65_536 / unit.length)),
    })),
  });
const bytes = Buffer.from(body.startsWith('batch ') ? batch(Number(body.slice(6))) : body);
const agent = new Agent({ keepAlive: true });
const statuses: Record<string, number> = {};

const send = () =>
  new Promise<void>((resolve) => {
    const count = (status: string) => {
      statuses[status] = (statuses[status] ?? 0) + 1;
      resolve();
    };
    const headers = {
      authorization: `Bearer ${secret}`,
      'content-type': 'application/json',
      'content-length': bytes.length,
    };
    request(url, { method: 'POST', agent, headers }, (answer) => {
      answer.resume().once('end', () => count(String(answer.statusCode)));
    })
      .once('error', () => count('broken'))
      .end(bytes);
  });

const end = performance.now() + Number(seconds) * 1_000;
const repeat = async () => {
  do await send();
  while (performance.now() < end);
};
await Promise.all(Array.from({ length: Number(parallel) }, repeat));
agent.destroy();
process.stdout.write(`${JSON.stringify(statuses)}\n`);
