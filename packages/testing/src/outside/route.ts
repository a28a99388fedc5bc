import type { Fault, FaultKind } from './faults.ts';
import type { LoggedEffect, LoggedRequest } from './log.ts';

/** What a route sees of a request. */
export interface OutsideRequest extends LoggedRequest {
  /** The bytes of the body as text. */
  text: string;
  /** What stands at the `:name` parts of the path. */
  params: Record<string, string>;
  /** The clock of the service, in milliseconds; a fault may set it wrong for this request. */
  now: number;
  /** Writes down that something has happened. */
  effect(effect: Omit<LoggedEffect, 'at'>): void;
}

export interface OutsideReply {
  status: number;
  headers?: Record<string, string>;
  /** A string or buffer is sent as it is, all else as JSON. */
  body: unknown;
}

export interface OutsideRoute {
  method: string;
  /** `/emails/:id`; a part `:name` stands for one segment. */
  path: string;
  /** It asks what has become of something: `reconcile_unavailable` hits it. */
  lookUp?: boolean;
  handle(request: OutsideRequest): OutsideReply | Promise<OutsideReply>;
}

/** How a service words its errors: what it answers for faults of these kinds. `reconcile_unavailable` and 5xx are answers as well. */
export type ErrorReplies = Partial<
  Record<FaultKind, (fault: Fault, request: OutsideRequest) => OutsideReply>
>;

export const json = (status: number, body: unknown, headers: Record<string, string> = {}): OutsideReply => ({
  status,
  body,
  headers,
});

/** The route of a request with the parameters of its path. */
export function findRoute(routes: readonly OutsideRoute[], method: string, path: string) {
  for (const route of routes) {
    if (route.method !== method) continue;
    const params = matchPath(route.path, path);
    if (params) return { route, params };
  }
  return undefined;
}

function matchPath(pattern: string, path: string): Record<string, string> | undefined {
  const wanted = pattern.split('/');
  const given = path.split('/');
  if (wanted.length !== given.length) return undefined;
  const params: Record<string, string> = {};
  for (const [index, part] of wanted.entries()) {
    const value = given[index] ?? '';
    if (part.startsWith(':')) params[part.slice(1)] = decodeURIComponent(value);
    else if (part !== value) return undefined;
  }
  return params;
}
