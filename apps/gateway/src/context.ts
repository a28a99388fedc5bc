import type { IncomingMessage } from 'node:http';
import type { Db } from '@actp/db/client';
import type { Actor } from '@actp/services/actor';
import type { ApprovalHub } from '@actp/services/approvals/hub';
import type { RedeemApprovalDeps } from '@actp/services/approvals/redeem';
import type { RequestApprovalDeps } from '@actp/services/approvals/request';
import type { AuditBatcher } from '@actp/services/audit/batcher';
import type { AuditLog } from '@actp/services/audit/read';
import type { AuditWriter } from '@actp/services/audit/writer';
import type { GuardDeps } from '@actp/services/guard/evaluate';
import type { KillSwitchDeps } from '@actp/services/kill-switch/change';
import type { Producer } from '@actp/shared/jobs/producer';
import type { Logger } from '@actp/shared/log';
import type { SecurityEvents } from './audit/security-events.ts';
import type { SignIn } from './auth/sign-in.ts';
import type { AssertSigned } from './auth/signatures.ts';
import type { Board } from './dashboard/board.ts';
import type { GatewayResponse } from './http/gateway-response.ts';
import type { Limiter } from './rate-limits/limiter.ts';
import type { Readiness } from './readiness.ts';
import type { Metrics } from './metrics.ts';

/** Who is calling, once the credential has been checked. */
export type Caller = Extract<Actor, { kind: 'agent' | 'operator' | 'user' }>;

export type CallerKind = Caller['kind'];

export interface AppDeps {
  config: {
    workerSecrets: readonly string[];
    sessionSecret: string;
    allowedHosts: readonly string[];
    trustedProxies: readonly string[];
    /** Requests per minute: of a client address, of a user, of an agent. */
    rateLimitPerMinute: number;
    rateLimitPerUser: number;
    rateLimitPerAgent: number;
    scheduleTz: string;
    approvalTtlSeconds: number;
    /** Chats that an approval may name. */
    chatIds: readonly string[];
    callbackOrigins: readonly string[];
    /** USD. */
    maxSpendPerTask: number;
  };
  db: Db;
  producer: Producer;
  readiness: Readiness;
  metrics: Metrics;
  rateLimiter: Limiter;
  signIn: SignIn;
  assertSigned: AssertSigned;
  /** What the services of each entity need. */
  guard: GuardDeps;
  killSwitches: KillSwitchDeps;
  approvals: RequestApprovalDeps & RedeemApprovalDeps;
  hub: ApprovalHub;
  auditBatcher: AuditBatcher;
  audit: AuditWriter;
  security: SecurityEvents;
  auditLog: AuditLog;
  board: Board;
  log: Logger;
}

/** What middleware leaves for handlers. */
export interface AppEnv {
  Bindings: { incoming: IncomingMessage; outgoing: GatewayResponse };
  Variables: {
    requestId: string;
    clientIp: string;
    /** The connection really is from this machine, with no proxy in front. */
    local: boolean;
    caller: Caller | undefined;
    /** Whom the audit log names where there is no credential yet: who tries to log in. */
    actor: string | undefined;
    /** What the route says a request is called in the audit log; undefined where no route was found. */
    auditAction: string | undefined;
  };
}
