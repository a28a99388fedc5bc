import { z } from '@hono/zod-openapi';
import { formats, type ExportFormat } from '../../audit/formats.ts';
import type { AuditFilter, AuditLog } from '@actp/services/audit/read';
import type { AppDeps } from '../../app-deps.ts';
import { guardedStream } from '../../auth/guarded-stream.ts';
import type { ServeRoute } from '../../http/serve-route.ts';
import type { Position } from '@actp/services/position';
import { filterOf, filters } from './filters.ts';

const Query = z.strictObject({
  ...filters,
  format: z.enum(['jsonl', 'csv', 'ocsf'], 'must be jsonl, csv or ocsf').default('jsonl'),
});
// One page of events is all that is held at a time.
const pageSize = 1_000;

/** `GET /v1/audit/export`: everything that fits the filters, newest first, as it is read. */
export function exportAuditRoute(
  serve: ServeRoute,
  deps: Pick<AppDeps, 'auditLog' | 'sessions' | 'log'>,
): void {
  serve(
    {
      operationId: 'exportAuditLog',
      callers: ['operator'],
      audit: 'audit.export',
      method: 'get',
      path: '/v1/audit/export',
      summary: 'Export the audit log as JSON Lines, CSV or OCSF',
      tags: ['audit'],
      request: { query: Query },
      responses: {
        200: {
          description:
            'The events, streamed; the connection is reset when the session ends before the last one',
          content: { 'application/x-ndjson': { schema: z.string() }, 'text/csv': { schema: z.string() } },
        },
      },
    },
    async (c, caller) => {
      const { format, ...query } = c.req.valid('query');
      const chosen: ExportFormat = formats[format];
      const filter = filterOf(query, caller);
      // What comes while it runs would otherwise keep it running.
      const until = filter.until ?? new Date().toISOString();
      const lines = exported(deps.auditLog, { ...filter, until }, chosen);
      // The first page now: a database that is away is a 503, not an empty file.
      const first = await lines.next();
      const head = chosen.head + (first.done === true ? '' : first.value);
      const stream = guardedStream(c, caller, deps, head, lines);
      return c.body(stream, 200, {
        'Content-Type': chosen.contentType,
        'Content-Disposition': `attachment; filename="audit.${chosen.extension}"`,
        'Cache-Control': 'no-store',
      });
    },
  );
}

async function* exported(
  log: AuditLog,
  filter: AuditFilter,
  format: ExportFormat,
): AsyncGenerator<string, void> {
  let before: Position | undefined;
  for (;;) {
    const page = await log.page(filter, before, pageSize);
    if (page.length > 0) yield page.map((event) => format.line(event)).join('');
    const last = page.at(-1);
    if (last === undefined || page.length < pageSize) return;
    before = { at: last.created_at, id: String(last.id) };
  }
}
