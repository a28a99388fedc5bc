import { once } from 'node:events';
import { connect } from 'node:net';

export interface Load {
  /** Requests answered per second. */
  perSecond: number;
  /** Milliseconds. */
  median: number;
  p99: number;
  /** Answers with another status than the expected one. */
  refused: number;
}

export interface LoadOptions {
  port: number;
  path: string;
  headers: Record<string, string>;
  body: string;
  expect: number;
  connections: number;
  seconds: number;
}

/** Sends the same POST over kept-alive connections, each waiting for its answer, and counts. */
export async function load(options: LoadOptions): Promise<Load> {
  const { port, path, headers, body, expect, connections, seconds } = options;
  const lines = Object.entries({ ...headers, 'Content-Length': String(Buffer.byteLength(body)) });
  const head = lines.map(([name, value]) => `${name}: ${value}\r\n`).join('');
  const request = `POST ${path} HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\n${head}\r\n${body}`;
  const times: number[] = [];
  let refused = 0;
  const begun = performance.now();
  const end = begun + seconds * 1_000;

  const ask = async () => {
    const socket = connect({ port, host: '127.0.0.1', noDelay: true });
    socket.setEncoding('latin1');
    await once(socket, 'connect');
    await new Promise<void>((resolve, reject) => {
      let answer = '';
      let sent = 0;
      const send = () => {
        answer = '';
        sent = performance.now();
        socket.write(request);
      };
      socket.on('error', reject);
      socket.on('close', () => reject(new Error('the server closed the connection')));
      socket.on('data', (chunk: string) => {
        answer += chunk;
        if (!isWhole(answer)) return;
        const now = performance.now();
        times.push(now - sent);
        if (!answer.startsWith(`HTTP/1.1 ${expect} `)) refused += 1;
        if (now < end) send();
        else resolve();
      });
      send();
    });
    socket.destroy();
  };
  await Promise.all(Array.from({ length: connections }, ask));
  const elapsed = (performance.now() - begun) / 1_000;
  const sorted = times.toSorted((a, b) => a - b);
  return {
    perSecond: times.length / elapsed,
    median: sorted[Math.floor(sorted.length / 2)] ?? 0,
    p99: sorted[Math.floor(sorted.length * 0.99)] ?? 0,
    refused,
  };
}

function isWhole(answer: string): boolean {
  const headEnd = answer.indexOf('\r\n\r\n');
  if (headEnd < 0) return false;
  const length = /\r\ncontent-length: (\d+)/i.exec(answer)?.[1];
  if (length === undefined) throw new Error('an answer without Content-Length');
  return answer.length >= headEnd + 4 + Number(length);
}
