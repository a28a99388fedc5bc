import * as http from 'node:http';
import * as https from 'node:https';
import type { GatewayAddress } from './gateway-address.ts';

export interface GatewayResponse {
  status: number;
  headers: http.IncomingHttpHeaders;
  /** The JSON of the body; undefined when it is none. */
  body: unknown;
}

export interface GatewayRequest {
  method?: 'GET' | 'POST';
  headers?: Record<string, string>;
  /** Sent as JSON. */
  json?: unknown;
}

const timeoutMs = 30_000;
const maxBytes = 64 * 1024 * 1024;

/** One request, on a connection of its own. (`fetch` takes no Host header.) @throws Error when no whole response comes */
export function requestGateway(
  { url, host }: GatewayAddress,
  path: string,
  { method = 'GET', headers = {}, json }: GatewayRequest = {},
): Promise<GatewayResponse> {
  const body = json === undefined ? undefined : JSON.stringify(json);
  const port = url.port === '' ? '' : `:${url.port}`;
  const options = {
    method,
    agent: false,
    signal: AbortSignal.timeout(timeoutMs),
    headers: {
      accept: 'application/json',
      ...(body !== undefined && { 'content-type': 'application/json' }),
      ...(host !== undefined && { host: `${host}${port}` }),
      ...headers,
    },
  };
  const { request } = url.protocol === 'https:' ? https : http;
  return new Promise((resolve, reject) => {
    const sent = request(new URL(path, url), options, (response) => {
      const chunks: Buffer[] = [];
      let length = 0;
      response.on('data', (chunk: Buffer) => {
        chunks.push(chunk);
        length += chunk.length;
        if (length > maxBytes) sent.destroy(new Error('the response is too large'));
      });
      response.once('error', reject);
      response.once('end', () => {
        const text = Buffer.concat(chunks).toString('utf8');
        resolve({ status: response.statusCode ?? 0, headers: response.headers, body: parsed(text) });
      });
    });
    sent.once('error', reject);
    sent.end(body);
  });
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
