import { request } from 'node:http';

export interface GatewayAddress {
  host: string;
  port: number;
  /** A Host header that it answers. */
  allowedHost: string;
}

export interface GatewayAnswer {
  status: number;
  body: unknown;
}

const mostBytes = 1024 * 1024;

export interface AskOptions {
  headers?: Record<string, string>;
  /** Ends the question. */
  signal?: AbortSignal;
  timeoutMs?: number;
}

/** Asks the gateway for JSON; undefined when it does not answer. */
export function askGateway(
  { host, port, allowedHost }: GatewayAddress,
  path: string,
  { headers = {}, signal, timeoutMs = 5_000 }: AskOptions = {},
): Promise<GatewayAnswer | undefined> {
  return new Promise((resolve) => {
    const asked = request(
      { host, port, path, timeout: timeoutMs, agent: false, ...(signal === undefined ? {} : { signal }) },
      (answer) => {
        let text = '';
        answer.setEncoding('utf8');
        answer.on('data', (chunk: string) => {
          text += chunk;
          if (text.length > mostBytes) asked.destroy();
        });
        answer.once('error', () => resolve(undefined));
        answer.once('end', () => resolve({ status: answer.statusCode ?? 0, body: parse(text) }));
      },
    );
    for (const [name, value] of Object.entries(headers)) asked.setHeader(name, value);
    asked.setHeader('host', allowedHost);
    asked.once('timeout', () => asked.destroy());
    asked.once('error', () => resolve(undefined));
    asked.once('close', () => resolve(undefined));
    asked.end();
  });
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
