import { once } from 'node:events';
import { createServer, type AddressInfo, type Socket } from 'node:net';
import { atEnd } from '@actp/testing/at-end';

/** Instead of a reply: the server closes the connection. */
export const hangUp = Symbol('closes the connection');

/** What a server says to a command: an error, a text, a number, nothing, or several of these. */
export type Reply = Error | string | number | null | typeof hangUp | readonly Said[];
type Said = Exclude<Reply, typeof hangUp>;
/** By the first word of a command, or its first two; all else is answered with OK. */
export type Answers = Record<string, Reply | ((args: readonly string[]) => Reply)>;

/**
 * What a Redis of somebody else may say: a service without rights, of another version, a node that is being moved. It speaks the
 * protocol of Redis; what the real one says is tested with real ones (apps/supervisor/src/external-stores).
 */
export async function openRedisServer(answers: Answers) {
  const asked: string[] = [];
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.setEncoding('utf8');
    let text = '';
    socket.on('error', () => undefined);
    socket.on('data', (chunk: string) => {
      text += chunk;
      for (let next = takeCommand(text); next !== undefined; next = takeCommand(text)) {
        text = next.rest;
        asked.push(next.words.join(' '));
        const reply = replyTo(next.words, answers);
        if (reply === hangUp) socket.destroy();
        else socket.write(written(reply));
      }
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  atEnd(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  return { port, asked, url: `redis://127.0.0.1:${port}` };
}

function replyTo(words: readonly string[], answers: Answers): Reply {
  const [first = '', second = ''] = words.map((word) => word.toLowerCase());
  const name = [`${first} ${second}`, first].find((key) => key in answers);
  const answer = name === undefined ? undefined : answers[name];
  if (typeof answer === 'function') return answer(words);
  if (answer !== undefined) return answer;
  return first === 'subscribe' ? ['subscribe', words[1] ?? '', 1] : 'OK';
}

/** The first command of a text that is whole: `*2`, then length and text of each word. */
function takeCommand(text: string): { words: string[]; rest: string } | undefined {
  const head = /^\*(\d+)\r\n/.exec(text);
  if (head === null) return undefined;
  let rest = text.slice(head[0].length);
  const words: string[] = [];
  for (let left = Number(head[1]); left > 0; left -= 1) {
    const length = /^\$(\d+)\r\n/.exec(rest);
    if (length === null) return undefined;
    const end = length[0].length + Number(length[1]);
    if (rest.length < end + 2) return undefined;
    words.push(rest.slice(length[0].length, end));
    rest = rest.slice(end + 2);
  }
  return { words, rest };
}

function written(reply: Said): string {
  if (reply === null) return '$-1\r\n';
  if (reply instanceof Error) return `-${reply.message}\r\n`;
  if (typeof reply === 'number') return `:${reply}\r\n`;
  if (typeof reply === 'string') return `$${Buffer.byteLength(reply)}\r\n${reply}\r\n`;
  return `*${reply.length}\r\n${reply.map(written).join('')}`;
}
