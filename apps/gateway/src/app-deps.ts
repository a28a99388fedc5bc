import type { Db } from '@actp/db/client';
import type { AgentKeys } from '@actp/services/agents/keys';
import type { ApprovalHub } from '@actp/services/approvals/hub';
import type { RedeemApprovalDeps } from '@actp/services/approvals/redeem';
import type { RequestApprovalDeps } from '@actp/services/approvals/request';
import type { createSharedRedeems } from '@actp/services/approvals/shared-redeems';
import type { AuditBatcher } from '@actp/services/audit/batcher';
import type { AuditLog } from '@actp/services/audit/read';
import type { AuditWriter } from '@actp/services/audit/writer';
import type { GuardDeps } from '@actp/services/guard/evaluate';
import type { KillSwitchDeps } from '@actp/services/kill-switch/apply-result';
import type { SessionCache } from '@actp/services/sessions/cache';
import type { CreateTaskDeps } from '@actp/services/tasks/create';
import type { TaskHub } from '@actp/services/tasks/hub';
import type { Producer } from '@actp/shared/jobs/producer';
import type { Logger } from '@actp/shared/log';
import type { SecurityEvents } from './audit/security-events.ts';
import type { Registration } from './auth/registration.ts';
import type { SessionSecrets } from './auth/session-secrets.ts';
import type { SignIn } from './auth/sign-in.ts';
import type { AssertSigned } from './auth/signatures.ts';
import type { Board } from './dashboard/board.ts';
import type { Doctor } from './doctor.ts';
import type { LargeBodies } from './large-bodies/large-bodies.ts';
import type { LoginLimit } from './rate-limits/login-limit.ts';
import type { Limiter } from './rate-limits/limiter.ts';
import type { Readiness } from './readiness.ts';
import type { Metrics } from './metrics.ts';

/** Everything that the routes are given. */
export interface AppDeps {
  config: {
    workerSecrets: readonly string[];
    sessionSecrets: SessionSecrets;
    sessionHours: number;
    /** Whether everybody can register, or operators alone make accounts. */
    registration: Registration;
    /** The address of the first operator's account, which may not be made yet. */
    operatorEmail: string;
    agentKeysRequired: boolean;
    allowedHosts: readonly string[];
    trustedProxies: readonly string[];
    /** In a container: from where its host calls. */
    hostAddress: string | undefined;
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
    /** USD, of a user. */
    dailyBudget: number;
  };
  db: Db;
  producer: Producer;
  readiness: Readiness;
  doctor: Doctor;
  metrics: Metrics;
  rateLimiter: Limiter;
  signIn: SignIn;
  loginLimit: LoginLimit;
  /** Whose session it is, and whether it lives. */
  sessions: SessionCache;
  assertSigned: AssertSigned;
  agentKeys: AgentKeys;
  /** What the services of each entity need. */
  guard: GuardDeps;
  killSwitches: KillSwitchDeps;
  approvals: RequestApprovalDeps & RedeemApprovalDeps;
  redeem: ReturnType<typeof createSharedRedeems>;
  hub: ApprovalHub;
  tasks: CreateTaskDeps;
  taskHub: TaskHub;
  auditBatcher: AuditBatcher;
  largeBodies: LargeBodies;
  audit: AuditWriter;
  security: SecurityEvents;
  auditLog: AuditLog;
  board: Board;
  log: Logger;
}
