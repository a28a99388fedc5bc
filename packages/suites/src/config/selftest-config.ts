import { z } from 'zod';
import { isOwnSetting } from '../command/command-environment.ts';
import { globProblem } from './glob.ts';

/** What the runner can check without being given an address: the plane's own parts. */
export const builtinNames = ['gateway', 'redis', 'database', 'queues'] as const;
export type BuiltinName = (typeof builtinNames)[number];

const words = (max: number) =>
  z.string().min(1, 'must not be empty').max(max, `must have at most ${max} characters`);
// A NUL ends a string in every system call: what stands behind it would be lost without a word.
const withoutNul = (max: number) =>
  z
    .string()
    .max(max, `must have at most ${max} characters`)
    .refine((v) => !v.includes('\0'), 'must not contain a NUL character');

const Name = words(64).regex(/^\P{Cc}*$/u, 'must not contain control characters');
const Path = withoutNul(4096).min(1, 'must not be empty');
const seconds = (max: number) =>
  z.number().positive('must be greater than 0').max(max, `must be at most ${max} seconds`);
const limit = (max: number) =>
  z.int('must be a whole number').min(0, 'must not be negative').max(max, `must be at most ${max}`);
const EnvName = z.string().regex(/^[A-Za-z_]\w{0,127}$/, 'must be the name of an environment variable');

const Argv = z
  .array(withoutNul(65_536))
  .min(1, 'must name a program')
  .max(1_000, 'must have at most 1000 parts')
  .refine((argv) => argv[0] !== '' && argv[0]?.startsWith('-') !== true, {
    message: 'must begin with a program',
    path: [0],
  });

const tests = '{tests}';
const Rerun = Argv.refine((argv) => argv.filter((part) => part === tests).length === 1, {
  message: 'must have the part "{tests}" exactly once',
}).refine((argv) => argv.every((part) => part === tests || !part.includes(tests)), {
  message: '"{tests}" must be a part of its own: it becomes one argument per test',
});

const environment = {
  pass_env: z
    .array(EnvName.refine((name) => !isOwnSetting(name), 'must not name a secret of the plane itself'))
    .max(100, 'must have at most 100 entries')
    .default([]),
  env: z.record(EnvName, withoutNul(32_768)).default({}),
};

// What is not said is on: a suite is code that an agent may have written.
const Sandbox = z.enum(['on', 'off']);

const HttpUrl = withoutNul(2048).refine(
  (v) => URL.canParse(v) && ['http:', 'https:'].includes(new URL(v).protocol),
  'must be a URL that starts with http:// or https://',
);

const serviceKeys = z.strictObject({
  name: Name,
  url: HttpUrl.optional(),
  builtin: z.enum(builtinNames).optional(),
  expect_status: z
    .int('must be a whole number')
    .min(100, 'must be an HTTP status')
    .max(599, 'must be an HTTP status')
    .optional(),
  timeout_seconds: seconds(600).default(5),
  start: Argv.optional(),
  cwd: Path.optional(),
  start_timeout_seconds: seconds(600).optional(),
  sandbox: Sandbox.optional(),
  ...environment,
});

/** Keys that say nothing about a built-in check. */
const httpOnly = ['url', 'expect_status', 'start', 'cwd', 'start_timeout_seconds', 'sandbox'] as const;

/** How a service that is down is brought up. */
export interface StartCommand {
  command: string[];
  cwd: string;
  timeout_seconds: number;
  pass_env: string[];
  env: Record<string, string>;
  /** Left out means on. */
  sandbox?: 'on' | 'off';
}

export type ServiceConfig = { name: string; timeout_seconds: number } & (
  | { kind: 'builtin'; builtin: BuiltinName }
  | { kind: 'http'; url: string; expect_status: number; start: StartCommand | null }
);

const Service = serviceKeys
  .superRefine((service, ctx) => {
    if (service.builtin === undefined) {
      if (service.url === undefined) {
        ctx.addIssue({ code: 'custom', message: 'must have a url, or builtin', path: [] });
      }
      if (service.start === undefined && service.start_timeout_seconds !== undefined) {
        ctx.addIssue({ code: 'custom', message: 'needs start', path: ['start_timeout_seconds'] });
      }
      if (service.start === undefined && service.sandbox !== undefined) {
        ctx.addIssue({ code: 'custom', message: 'needs start', path: ['sandbox'] });
      }
      return;
    }
    for (const key of httpOnly) {
      if (service[key] === undefined) continue;
      ctx.addIssue({ code: 'custom', message: 'does not go with builtin', path: [key] });
    }
  })
  .transform((service): ServiceConfig => {
    const { name, timeout_seconds, builtin, url = '', expect_status = 200, start } = service;
    if (builtin !== undefined) return { name, timeout_seconds, kind: 'builtin', builtin };
    const { cwd = '.', start_timeout_seconds = 30, pass_env, env, sandbox } = service;
    const startCommand = start && {
      command: start,
      cwd,
      timeout_seconds: start_timeout_seconds,
      pass_env,
      env,
      ...(sandbox === undefined ? {} : { sandbox }),
    };
    return { name, timeout_seconds, kind: 'http', url, expect_status, start: startCommand ?? null };
  });

const suiteKeys = z.strictObject({
  name: Name,
  cwd: Path.default('.'),
  command: Argv,
  junit: Path.optional(),
  rerun: Rerun.optional(),
  timeout_seconds: seconds(86_400).default(900),
  // A permission to change files: what is not said is not given.
  heal: z.boolean().default(false),
  sandbox: Sandbox.default('on'),
  ...environment,
});
const Suite = suiteKeys.superRefine((suite, ctx) => {
  // Without it nobody could tell a flaky test from a broken one, nor whether a change has healed it.
  if (!suite.heal || suite.rerun !== undefined) return;
  ctx.addIssue({ code: 'custom', message: 'needs rerun: how to run only the failing tests', path: ['heal'] });
});
export type SuiteConfig = z.output<typeof Suite>;

const ProtectedGlob = words(1_024).superRefine((glob, ctx) => {
  const problem = globProblem(glob);
  if (problem !== null) ctx.addIssue({ code: 'custom', message: problem });
});

const Heal = z.strictObject({
  mode: z.enum(['report', 'verify', 'propose']).default('verify'),
  max_attempts_per_day: limit(1_000).default(2),
  same_failure_hours: limit(8_760).default(24),
  breaker_failures: limit(1_000).default(3),
  protected: z.array(ProtectedGlob).max(1_000, 'must have at most 1000 entries').default([]),
});

const uniqueNames = (items: ReadonlyArray<{ name: string }>, ctx: z.RefinementCtx) => {
  const seen = new Set<string>();
  for (const [index, { name }] of items.entries()) {
    if (seen.has(name)) {
      ctx.addIssue({ code: 'custom', message: 'is the name of an earlier one', path: [index, 'name'] });
    }
    seen.add(name);
  }
};

/** `SELFTEST_CONFIG`: which services must be up and which suites must pass. */
export const SelftestConfig = z.strictObject({
  services: z.array(Service).max(200, 'must have at most 200 entries').superRefine(uniqueNames).default([]),
  suites: z.array(Suite).max(200, 'must have at most 200 entries').superRefine(uniqueNames).default([]),
  heal: Heal.prefault({}),
});
export type SelftestConfig = z.output<typeof SelftestConfig>;
