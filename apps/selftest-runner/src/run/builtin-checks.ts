import { readReadiness } from '@actp/services/readiness/read';
import type { Db } from '@actp/db/client';
import { messageOf } from '@actp/shared/errors';
import { sendCanary } from '@actp/shared/jobs/canary';
import { queueNames } from '@actp/shared/jobs/catalogue';
import type { Producer } from '@actp/shared/jobs/producer';
import type { BuiltinChecks } from '@actp/suites/service/check-service';
import { probeHttp } from '@actp/suites/service/http-probe';

export interface BuiltinDeps {
  db: Db;
  producer: Producer;
  /** `url`: where it is when it does not listen on this machine. */
  gateway: { host: string; port: number; url?: string | undefined };
}

// A call to a queue has 1.7 s in all; a canary that takes longer is sent again by whoever asks for the check.
const canaryWithinMs = 1_400;

/** Checks of the plane's own parts, which follow its settings: no address stands in the configuration. */
export function createBuiltinChecks({ db, producer, gateway }: BuiltinDeps): BuiltinChecks {
  return {
    async gateway(_timeoutMs, signal) {
      const { up, detail } = await probeHttp(gatewayUrl(gateway), 200, signal);
      if (!up) throw new Error(detail);
      return detail;
    },
    async redis() {
      await producer.probe();
      return 'answers';
    },
    async database() {
      await readReadiness(db);
      return 'answers';
    },
    // A PING proves little: only a job that comes through proves that a queue is consumed.
    async queues(timeoutMs) {
      const canaries = await Promise.all(
        queueNames.map((queue) =>
          sendCanary(producer, queue, Math.min(timeoutMs, canaryWithinMs)).then(
            (ms) => ({ ok: true, text: `${queue} ${Math.round(ms)} ms` }),
            (error: unknown) => ({ ok: false, text: messageOf(error) }),
          ),
        ),
      );
      const bad = canaries.filter(({ ok }) => !ok);
      const text = (bad.length > 0 ? bad : canaries).map((canary) => canary.text).join(', ');
      if (bad.length > 0) throw new Error(text);
      return `a job went through every queue: ${text}`;
    },
  };
}

// An address to listen on everywhere is none to connect to.
function gatewayUrl({ host, port, url }: BuiltinDeps['gateway']): string {
  if (url !== undefined) return `${url}/healthz`;
  const target = host === '0.0.0.0' ? '127.0.0.1' : host === '::' ? '[::1]' : host;
  const quoted = target.includes(':') && !target.startsWith('[') ? `[${target}]` : target;
  return `http://${quoted}:${port}/healthz`;
}
