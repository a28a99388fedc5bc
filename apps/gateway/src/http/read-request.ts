import type { Context, ValidationTargets } from 'hono';
import { z, type RouteConfig } from '@hono/zod-openapi';
import { AppError } from '@actp/shared/errors';
import type { AppEnv } from '../app-env.ts';
import type { LargeBodies } from '../large-bodies/large-bodies.ts';
import { jsonBody, oneMiB, ReadElsewhere, type ReadLarge } from './body-rules.ts';
import { fieldProblems } from './field-problems.ts';
import type { JsonPlace } from './strict-json.ts';

export interface BodyRules {
  /** What the body may measure, where it is not 1 MiB. */
  maxBodyBytes?: number;
  /** What a place in the body is called that has more than one meaning. */
  fieldOf?: (place: JsonPlace) => string;
  /** Reads and checks a large body in the place of the schema. */
  readLarge?: ReadLarge;
}

type Part = (c: Context<AppEnv>) => Promise<void> | void;

/**
 * Reads and checks what a route takes: query, path, headers, body. The values are then in `c.req.valid(...)`.
 *
 * @returns a function that throws AppError `validation_failed` for the first part that does not fit
 */
export function requestReader(
  {
    method,
    request = {},
    maxBodyBytes: maxBytes = oneMiB,
    fieldOf,
    readLarge,
  }: Pick<RouteConfig, 'method' | 'request'> & BodyRules,
  largeBodies: LargeBodies,
): Part {
  const parts: Part[] = [request.query ? checked('query', request.query, queryOf) : noQuery];
  if (request.params) parts.push(checked('param', request.params, (c) => c.req.param()));
  if (request.headers) parts.push(checked('header', request.headers, (c) => c.env.incoming.headers));
  const json = request.body?.content['application/json'];
  if (method !== 'get')
    parts.push(
      body(
        json && 'schema' in json ? json.schema : undefined,
        jsonBody({ maxBytes, fieldOf, readLarge, largeBodies }),
      ),
    );
  return async (c) => {
    for (const part of parts) await part(c);
  };
}

function checked(
  target: keyof ValidationTargets,
  schema: unknown,
  valueOf: (c: Context<AppEnv>) => unknown,
): Part {
  return (c) => check(c, target, schema, valueOf(c));
}

function check(c: Context<AppEnv>, target: keyof ValidationTargets, schema: unknown, value: unknown): void {
  // Every schema of our routes is one of zod; the library's type leaves room for plain OpenAPI.
  const { success, data, error } = (schema as z.ZodType<object>).safeParse(value);
  if (!success) {
    throw new AppError('validation_failed', 'the request is not valid', {
      fields: fieldProblems(error, target),
    });
  }
  c.req.addValidatedData(target, data);
}

// Where the route takes none, an empty object will do.
const nothing = z.strictObject({});

function body(schema: unknown, read: ReturnType<typeof jsonBody>): Part {
  return async (c) => {
    const value = await read(c);
    if (value instanceof ReadElsewhere) c.req.addValidatedData('json', value.body);
    else check(c, 'json', schema ?? nothing, value === undefined ? {} : value);
  };
}

// A parameter that is given twice is a list, which no schema of ours takes.
function queryOf(c: Context<AppEnv>): Record<string, string | string[]> {
  const entries = Object.entries(c.req.queries());
  return Object.fromEntries(
    entries.map(([key, values]) => [key, values.length === 1 ? (values[0] ?? '') : values]),
  );
}

/** @throws AppError `validation_failed` when there is any query parameter */
export function noQuery(c: Context<AppEnv>): void {
  if (!c.req.raw.url.includes('?')) return;
  const fields = Object.keys(c.req.queries()).map((key) => ({
    field: `query.${key}`,
    message: 'unknown field',
  }));
  if (fields.length > 0) throw new AppError('validation_failed', 'the request is not valid', { fields });
}
