import { request } from 'node:http';

export interface GatewayAddress {
  host: string;
  port: number;
  /** A Host header that it accepts. */
  allowedHost: string;
}

export interface GatewayResponse {
  status: number;
  body: unknown;
}

const defaultMaxBytes = 1024 * 1024;

export interface RequestOptions {
  headers?: Record<string, string>;
  /** Aborts the request. */
  signal?: AbortSignal;
  timeoutMs?: number;
  maxBytes?: number;
}

/** Requests JSON from the gateway; undefined when it does not respond. */
export function requestGateway(
  { host, port, allowedHost }: GatewayAddress,
  path: string,
  { headers = {}, signal, timeoutMs = 5_000, maxBytes = defaultMaxBytes }: RequestOptions = {},
): Promise<GatewayResponse | undefined> {
  return new Promise((resolve) => {
    const clientRequest = request(
      { host, port, path, timeout: timeoutMs, agent: false, ...(signal === undefined ? {} : { signal }) },
      (response) => {
        let text = '';
        response.setEncoding('utf8');
        response.on('data', (chunk: string) => {
          text += chunk;
          if (text.length > maxBytes) clientRequest.destroy();
        });
        response.once('error', () => resolve(undefined));
        response.once('end', () => resolve({ status: response.statusCode ?? 0, body: parse(text) }));
      },
    );
    for (const [name, value] of Object.entries(headers)) clientRequest.setHeader(name, value);
    clientRequest.setHeader('host', allowedHost);
    clientRequest.once('timeout', () => clientRequest.destroy());
    clientRequest.once('error', () => resolve(undefined));
    clientRequest.once('close', () => resolve(undefined));
    clientRequest.end();
  });
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
