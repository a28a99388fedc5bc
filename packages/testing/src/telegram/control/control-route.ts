import type { IncomingMessage, ServerResponse } from 'node:http';
import { z } from 'zod';
import { readParams } from '../api/request-body.ts';
import type { World } from '../world.ts';
import { actionFor, actionNames } from './actions.ts';

/** Answers `/_control/<action>`: the other side of the chat, for scripts and for use by hand. */
export async function serveControl(
  world: World,
  ended: AbortSignal,
  request: IncomingMessage,
  response: ServerResponse,
  url: URL,
): Promise<void> {
  const name = url.pathname.replace(/^\/_control\/?/, '');
  const action = actionFor(name);
  if (!action) return send(response, name === '' ? 200 : 404, { actions: actionNames });
  try {
    const input = await readParams(request, url);
    send(response, 200, (await action(world, ended, input)) ?? { ok: true });
  } catch (error) {
    send(response, 400, {
      error: error instanceof z.ZodError ? z.prettifyError(error) : String(error),
    });
  }
}

function send(response: ServerResponse, status: number, body: unknown): void {
  response
    .writeHead(status, { 'content-type': 'application/json' })
    .end(`${JSON.stringify(body, undefined, 2)}\n`);
}
