import { request as requestHttp } from 'node:http';
import { request as requestHttps } from 'node:https';
import { urlToHttpOptions } from 'node:url';

export interface Probe {
  up: boolean;
  detail: string;
}

const reasons: Record<string, string> = {
  ECONNREFUSED: 'connection refused',
  ECONNRESET: 'connection reset',
  ENOTFOUND: 'host not found',
  EAI_AGAIN: 'host not found',
  EHOSTUNREACH: 'host unreachable',
  ENETUNREACH: 'network unreachable',
};

/**
 * One GET. Redirects are answers like any other, the body is not read, and the detail names no address: a URL may
 * hold a password.
 */
export function probeHttp(url: string, expectStatus: number, signal: AbortSignal): Promise<Probe> {
  const target = new URL(url);
  const request = target.protocol === 'https:' ? requestHttps : requestHttp;
  return new Promise((resolve) => {
    const options = { ...urlToHttpOptions(target), agent: false, signal, headers: { accept: '*/*' } };
    const sent = request(options, (response) => {
      const status = response.statusCode ?? 0;
      response.on('error', () => undefined);
      response.destroy();
      const up = status === expectStatus;
      resolve({ up, detail: up ? `answered ${status}` : `answered ${status}, expected ${expectStatus}` });
    });
    sent.on('error', (error) => {
      const code = 'code' in error ? String(error.code) : 'unknown error';
      resolve({ up: false, detail: reasons[code] ?? code });
    });
    sent.end();
  });
}
