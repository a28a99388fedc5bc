import { request } from 'node:http';
import { join } from 'node:path';
import { readPidFile } from '@actp/embedded/pid-file';
import { z } from 'zod';
import { fail, ok, type Check, type Finding } from './finding.ts';

const name = 'plane';
const answerMs = 5_000;
const maxBytes = 65_536;

export interface PlaneDeps {
  dataDir: string;
  gateway: { host: string; port: number; allowedHost: string };
}

const Ready = z.object({ status: z.string(), checks: z.record(z.string(), z.string()) });

/** The process that runs the plane of a data folder; undefined when none does. */
export const planeProcess = (dataDir: string): number | undefined => readPidFile(join(dataDir, 'lock'))?.pid;

/** Whether the plane runs, and what its gateway says about itself. */
export const planeCheck = ({ dataDir, gateway }: PlaneDeps): Check => ({
  name,
  async look() {
    const pid = planeProcess(dataDir);
    if (pid === undefined) {
      return fail(name, 'does not run with this ACTP_DATA_DIR; what needs it is not checked', 'npm start');
    }
    return [ok(name, `runs (process ${pid})`), await gatewayFinding(gateway)];
  },
});

async function gatewayFinding(gateway: PlaneDeps['gateway']): Promise<Finding> {
  const log = 'See gateway.log in ACTP_DATA_DIR/logs';
  const text = await readyz(gateway).catch(() => undefined);
  if (text === undefined) return fail('gateway', 'does not answer at GATEWAY_HOST and GATEWAY_PORT', log);
  const report = Ready.safeParse(jsonOf(text));
  if (!report.success)
    return fail(
      'gateway',
      'what answers at GATEWAY_PORT is no gateway',
      'Free that port, or set GATEWAY_PORT to another',
    );
  const { status, checks } = report.data;
  if (status === 'ready') return ok('gateway', 'ready');
  const bad = Object.entries(checks).filter(([, state]) => state !== 'ok' && state !== 'off');
  return fail('gateway', `not ready: ${bad.map(([part, state]) => `${part} (${state})`).join(', ')}`, log);
}

// `fetch` sets the Host header itself, and the gateway answers to those of ALLOWED_HOSTS alone.
function readyz({ host, port, allowedHost }: PlaneDeps['gateway']): Promise<string> {
  return new Promise((resolve, reject) => {
    const asking = request(
      { host, port, path: '/readyz', headers: { host: allowedHost }, timeout: answerMs, agent: false },
      (response) => {
        let text = '';
        response.setEncoding('utf8');
        response.on('data', (chunk: string) => {
          text += chunk;
          if (text.length > maxBytes) response.destroy(new Error('too long'));
        });
        response.once('end', () => resolve(text));
        response.once('error', reject);
      },
    );
    asking.once('timeout', () => asking.destroy(new Error('no answer in time')));
    asking.once('error', reject);
    asking.end();
  });
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
