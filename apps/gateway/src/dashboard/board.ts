import { serveStatic } from '@hono/node-server/serve-static';
import { Hono } from 'hono';
import { UnavailableError } from '@actp/shared/errors';
import { isChangeable, queueNames } from '@actp/shared/jobs/catalogue';
import type { Producer } from '@actp/shared/jobs/producer';
import { refuseChange } from './refuse-change.ts';
import { scriptTag } from './page-scripts.ts';

export const boardPath = '/dashboard';

const uiConfig = {
  boardTitle: 'actp-worker',
  hideDocsLink: true,
  miscLinks: [
    { text: 'API', url: '/docs' },
    { text: 'Log out', url: '/logout' },
  ],
};

export interface Board {
  /** Answers a request below `/dashboard`. Throws UnavailableError while Redis is away. */
  fetch(request: Request): Promise<Response>;
}

/**
 * Bull Board over every queue, through the producer's own queues: made at the first visit when Redis is there. A queue whose jobs
 * carry what was acknowledged can only be looked at.
 */
export function createBoard(deps: { producer: Producer }): Board {
  const { producer } = deps;
  let board: Promise<Hono> | undefined;

  const make = async () => {
    // Loaded at the first visit: memory that a gateway nobody looks at does not need.
    const [{ createBullBoard }, { BullMQAdapter }, { HonoAdapter }] = await Promise.all([
      import('@bull-board/api'),
      import('@bull-board/api/bullMQAdapter'),
      import('@bull-board/hono'),
    ]);
    const queues = await Promise.all(
      queueNames.map(async (name) => {
        const queue = await producer.use(name, (opened) => Promise.resolve(opened));
        const readOnlyMode = !isChangeable(name);
        // Nobody could end here what was once paused here.
        if (readOnlyMode && (await queue.isPaused())) await queue.resume();
        return new BullMQAdapter(queue, { readOnlyMode });
      }),
    );
    const adapter = new HonoAdapter(serveStatic);
    adapter.setBasePath(boardPath);
    createBullBoard({
      queues,
      serverAdapter: adapter,
      options: { uiConfig, handlerHooks: { before: refuseChange } },
    });
    return new Hono().route(boardPath, adapter.registerPlugin());
  };

  return {
    async fetch(request) {
      await producer.ping();
      board ??= make().catch((error: unknown) => {
        board = undefined;
        throw error;
      });
      const answer = await (await board).fetch(request);
      // Its own 500 shows whatever was thrown; here that is a command that Redis did not answer.
      if (answer.status >= 500) throw new UnavailableError('redis');
      return asOurPage(answer);
    },
  };
}

// The page asks Google for a font: the plane's pages need nothing from outside, and tell nobody that they are used. Its own requests
// carry the page's token, which a script adds before any other runs.
async function asOurPage(answer: Response): Promise<Response> {
  if (!answer.headers.get('content-type')?.startsWith('text/html')) return answer;
  const page = await answer.text();
  const plain = page.replaceAll(/<link\b[^>]*href="https?:[^>]*>/g, '');
  return new Response(plain.replace('<head>', `<head>${scriptTag('session')}`), answer);
}
