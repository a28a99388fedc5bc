import { ConfigError } from './errors.ts';
import { redisConflicts, type RedisTarget } from './redis-target.ts';
import { webhookSecretForm } from './webhook-secret-form.ts';

/** Settings that need another one; an app has those of them that concern it. */
export interface PairedSettings extends Partial<RedisTarget> {
  CALLBACK_ORIGINS?: readonly string[] | undefined;
  CALLBACK_SECRET?: string | undefined;
  SIGNING_REQUIRED?: boolean | undefined;
  SIGNING_SECRET?: string | undefined;
  PAYMENT_PROVIDER?: 'ledger' | 'stripe' | undefined;
  STRIPE_SECRET_KEY?: string | undefined;
}

/** @throws ConfigError naming every setting that another one needs and that is missing */
export function assertTogether(env: PairedSettings): void {
  const problems = redisConflicts(env);
  if (env.CALLBACK_ORIGINS?.length && env.CALLBACK_SECRET === undefined) {
    problems.push({
      key: 'CALLBACK_SECRET',
      rule: `must be set when CALLBACK_ORIGINS is: ${webhookSecretForm}`,
    });
  }
  if (env.SIGNING_REQUIRED === true && env.SIGNING_SECRET === undefined) {
    problems.push({
      key: 'SIGNING_SECRET',
      rule: `must be set when SIGNING_REQUIRED is true: ${webhookSecretForm}`,
    });
  }
  if (env.PAYMENT_PROVIDER === 'stripe' && env.STRIPE_SECRET_KEY === undefined) {
    problems.push({ key: 'STRIPE_SECRET_KEY', rule: 'must be set when PAYMENT_PROVIDER is stripe' });
  }
  if (problems.length > 0) throw new ConfigError(problems);
}
