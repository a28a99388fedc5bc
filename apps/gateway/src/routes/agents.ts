import { z } from '@hono/zod-openapi';
import { Agent as AgentSchema } from '@actp/services/agents/agent-schema';
import { createAgent } from '@actp/services/agents/create';
import { deleteAgent } from '@actp/services/agents/delete';
import { listAgents } from '@actp/services/agents/list';
import { rotateAgentKey } from '@actp/services/agents/rotate';
import type { AppDeps } from '../app-deps.ts';
import { namedSchema } from '../http/named-schema.ts';
import { pageCursor, writeCursor } from '../http/page-cursor.ts';
import { pageLimit } from '../http/page-limit.ts';
import type { ServeRoute } from '../http/serve-route.ts';
import { AgentIdParam, NewAgent, RotateKey } from './agent-fields.ts';
import { contextOf } from '../audit/origin.ts';

const Agent = namedSchema('Agent', AgentSchema);
const AgentWithKey = Agent.extend({
  key: z.string().openapi({ description: 'Shown this once, and not kept' }),
}).openapi('AgentWithKey');

const answer = (description: string, schema: typeof Agent | typeof AgentWithKey) => ({
  description,
  content: { 'application/json': { schema } },
});
const notFound = { 404: { description: 'No such agent' } } as const;

/** `/v1/agents`: operators give agents keys of their own, and take them back. */
export function agentRoutes(serve: ServeRoute, { db, agentKeys }: Pick<AppDeps, 'db' | 'agentKeys'>): void {
  const deps = { db, changed: () => agentKeys.changed() };

  serve(
    {
      callers: ['operator'],
      tags: ['agents'],
      operationId: 'createAgent',
      audit: 'service',
      method: 'post',
      path: '/v1/agents',
      summary: 'Give an agent a key of its own',
      request: { body: { required: true, content: { 'application/json': { schema: NewAgent } } } },
      responses: {
        201: answer('The agent and its key', AgentWithKey),
        409: { description: 'The name is taken' },
      },
    },
    async (c, caller) => {
      const { id, note = null, actions = null, expires_at = null } = c.req.valid('json');
      const { agent, key } = await createAgent(deps, { id, note, actions, expires_at }, contextOf(c, caller));
      return c.json({ ...agent, key }, 201, { 'Cache-Control': 'no-store' });
    },
  );

  serve(
    {
      callers: ['operator'],
      tags: ['agents'],
      operationId: 'listAgents',
      audit: 'none',
      method: 'get',
      path: '/v1/agents',
      summary: 'List agents with keys of their own, without the keys',
      request: {
        query: z.strictObject({ cursor: pageCursor(/^[\w-]{1,256}$/), limit: pageLimit(1_000, 100) }),
      },
      responses: {
        200: {
          description: 'A page, newest first',
          content: {
            'application/json': {
              schema: z.object({ agents: z.array(Agent), next_cursor: z.string().nullable() }),
            },
          },
        },
      },
    },
    async (c) => {
      const { cursor, limit } = c.req.valid('query');
      const before = cursor && { at: cursor.at, id: Buffer.from(cursor.id, 'base64url').toString() };
      // One more than asked for: it says whether there is a next page.
      const rows = await listAgents(db, { before, limit: limit + 1 });
      const page = rows.slice(0, limit);
      const last = rows.length > limit ? page.at(-1)?.position : undefined;
      const next = last && writeCursor({ at: last.at, id: Buffer.from(last.id).toString('base64url') });
      return c.json({ agents: page.map(({ agent }) => agent), next_cursor: next ?? null }, 200);
    },
  );

  serve(
    {
      callers: ['operator'],
      tags: ['agents'],
      operationId: 'deleteAgent',
      audit: 'service',
      method: 'delete',
      path: '/v1/agents/{id}',
      summary: 'End the key of an agent, at once',
      request: { params: AgentIdParam },
      responses: { 200: answer('Deleted', Agent), ...notFound },
    },
    async (c, caller) => c.json(await deleteAgent(deps, c.req.valid('param').id, contextOf(c, caller)), 200),
  );

  serve(
    {
      callers: ['operator'],
      tags: ['agents'],
      operationId: 'rotateAgentKey',
      audit: 'service',
      method: 'post',
      path: '/v1/agents/{id}/rotate',
      summary: 'Give an agent another key',
      request: {
        params: AgentIdParam,
        body: { required: false, content: { 'application/json': { schema: RotateKey } } },
      },
      responses: { 200: answer('The agent and its new key', AgentWithKey), ...notFound },
    },
    async (c, caller) => {
      const { grace_seconds = 0 } = c.req.valid('json');
      const { id } = c.req.valid('param');
      const { agent, key } = await rotateAgentKey(deps, id, grace_seconds, contextOf(c, caller));
      return c.json({ ...agent, key }, 200, { 'Cache-Control': 'no-store' });
    },
  );
}
