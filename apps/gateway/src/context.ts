import type { IncomingMessage } from 'node:http';
import type { Db } from '@actp/db/client';
import type { KillSwitch } from '@actp/policy/kill-switch';
import type { LoadedPolicy } from '@actp/policy/load-policy';
import type { Producer } from '@actp/shared/jobs/producer';
import type { Logger } from '@actp/shared/log';
import type { AuditIntake } from './audit/intake.ts';
import type { AuditLog } from './audit/log.ts';
import type { AuditRecorder } from './audit/recorder.ts';
import type { SecurityEvents } from './audit/security-events.ts';
import type { ApprovalHub } from './approvals/hub.ts';
import type { ApprovalService } from './approvals/service.ts';
import type { SignIn } from './auth/sign-in.ts';
import type { Board } from './dashboard/board.ts';
import type { DatabasePulse } from './guard/database-pulse.ts';
import type { DecisionLog } from './guard/decision-log.ts';
import type { Limits } from './guard/limits.ts';
import type { GatewayResponse } from './http/gateway-response.ts';
import type { KillSwitches } from './kill-switch/service.ts';
import type { Readiness } from './readiness.ts';
import type { Metrics } from './metrics.ts';
import type { Store } from 'hono-rate-limiter';

/** Who is calling, once the credential has been checked. */
export type Caller = { kind: 'agent'; id: string } | { kind: 'operator' | 'user'; id: string; email: string };

export type CallerKind = Caller['kind'];

export interface AppDeps {
  config: {
    workerSecrets: readonly string[];
    sessionSecret: string;
    allowedHosts: readonly string[];
    trustedProxies: readonly string[];
    rateLimitPerMinute: number;
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
  rateLimitStore: Store<AppEnv>;
  signIn: SignIn;
  /** The policy in force. */
  policy: () => LoadedPolicy;
  decisionLog: DecisionLog;
  /** That the database is there, and what operators have stopped. */
  pulse: DatabasePulse<readonly KillSwitch[]>;
  killSwitches: KillSwitches;
  limits: Limits;
  approvals: ApprovalService;
  hub: ApprovalHub;
  intake: AuditIntake;
  audit: AuditRecorder;
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
  };
}
