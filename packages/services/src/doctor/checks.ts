import type { Db } from '@actp/db/client';
import { migrationVersions } from '@actp/db/migration-versions';
import type { EmbeddedStore } from '@actp/shared/embedded-stores';
import { UnavailableError } from '@actp/shared/errors';
import type { Producer } from '@actp/shared/jobs/producer';
import type { RedisTarget } from '@actp/shared/redis';
import type { SupabaseTarget } from '../stores/check-supabase.ts';
import { lookAtAudit } from './audit.ts';
import { clockCheck } from './clock.ts';
import { codingAgentCheck, type CodingAgentTarget } from './coding-agent.ts';
import { databaseCheck } from './database.ts';
import { diskCheck } from './disk.ts';
import { envFileCheck } from './env-file.ts';
import { readFacts, type DatabaseAnswer } from './facts.ts';
import { fileModesCheck } from './file-modes.ts';
import type { Check } from './finding.ts';
import { fromDatabase } from './from-database.ts';
import { lookAtEffects, lookAtHold, lookAtKillSwitches, lookAtMessages } from './open-work.ts';
import { outsideServicesCheck, type OutsideSettings } from './outside-services.ts';
import { policyCheck } from './policy.ts';
import { portsCheck } from './ports.ts';
import { queuesCheck } from './queues.ts';
import { redisCheck } from './redis.ts';
import { sandboxCheck, type SandboxState } from './sandbox.ts';
import { lookAtSelfTest } from './self-test.ts';
import { settingsCheck } from './settings.ts';
import { createTelegramCall, type TelegramTarget } from './telegram-api.ts';
import { telegramCheck } from './telegram.ts';
import { versionsCheck } from './versions.ts';

/** An installation, as far as whoever looks at it knows it. */
export interface Installation {
  /** The repository root. */
  root: string;
  /** The file that holds the settings, absolute; undefined: none that whoever looks knows of. */
  envFile: string | undefined;
  /** Absolute. */
  dataDir: string;
  /** Says whether the plane runs; the first line. */
  plane: Check;
  /** The process of the plane; undefined: it does not run. */
  planePid: () => number | undefined;
  /** Undefined: .env cannot be read, so nobody knows. */
  settingProblems: ReadonlyArray<{ key: string; rule: string }> | undefined;
  gateway: { host: string; port: number };
  policyFile: string;
  /** Which stores the plane runs itself; undefined: not known here. */
  embedded: readonly EmbeddedStore[] | undefined;
  /** Undefined: the embedded one, which does not run. */
  redis: RedisTarget | undefined;
  supabase: SupabaseTarget | undefined;
  db: Db | undefined;
  /** Undefined: nobody consumes the queues, since the plane does not run. */
  producer: Producer | undefined;
  telegram: TelegramTarget | undefined;
  chatId: string | undefined;
  extraChatIds: readonly string[];
  approverIds: readonly number[];
  codingAgent: CodingAgentTarget;
  outside: OutsideSettings | undefined;
  sandbox: (() => Promise<SandboxState>) | undefined;
  versions: { release: string; node: string; platform: string };
}

/** Every check of an installation, in the order in which the findings are shown. */
export function checksOf(found: Installation): Check[] {
  const { db, dataDir } = found;
  const facts = once(async (): Promise<DatabaseAnswer> => {
    if (db === undefined) throw new UnavailableError('the database');
    return readFacts(db);
  });
  const call = found.telegram && createTelegramCall(found.telegram);
  const me = call && once(() => call('getMe'));
  const running = found.planePid() !== undefined;
  return [
    found.plane,
    settingsCheck(found.settingProblems),
    envFileCheck(found.envFile),
    policyCheck(found.policyFile),
    redisCheck({ target: found.redis, embedded: found.embedded?.includes('redis') }),
    databaseCheck({
      target: found.supabase,
      embedded: found.embedded?.includes('supabase'),
      facts,
      migrations: migrationVersions,
    }),
    queuesCheck(found.producer),
    fromDatabase('self-test', facts, lookAtSelfTest),
    fromDatabase('audit log', facts, (known) =>
      db === undefined ? [] : lookAtAudit({ db, dataDir }, known),
    ),
    fromDatabase('effects of tasks', facts, lookAtEffects),
    fromDatabase('kill switches', facts, (known) => [...lookAtHold(known), lookAtKillSwitches(known)]),
    fromDatabase('messages', facts, (known) => lookAtMessages(known, call !== undefined)),
    telegramCheck({
      call,
      chatId: found.chatId,
      chatIdIsWrong: found.settingProblems?.some(({ key }) => key === 'TELEGRAM_CHAT_ID') === true,
      extraChatIds: found.extraChatIds,
      approverIds: found.approverIds,
      running,
      facts,
      me: me ?? (() => Promise.resolve({ is: 'unreachable', how: '' })),
    }),
    codingAgentCheck(found.codingAgent),
    outsideServicesCheck(found.outside),
    sandboxCheck(found.sandbox),
    clockCheck({ facts, me }),
    fileModesCheck(dataDir),
    portsCheck({ dataDir, ...found.gateway, planePid: found.planePid }),
    diskCheck(dataDir),
    versionsCheck(found.versions),
  ];
}

function once<T>(ask: () => Promise<T>): () => Promise<T> {
  let answer: Promise<T> | undefined;
  return () => (answer ??= ask());
}
