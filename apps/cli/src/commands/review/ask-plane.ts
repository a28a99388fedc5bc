import {
  ActpError,
  ApprovalError,
  createClient,
  PolicyDenied,
  WorkFinished,
  type ActpClient,
} from '@actp/sdk';
import { randomUUID } from 'node:crypto';
import type { GateAction, GateDetails } from '@actp/review/gate/gate-details';
import { settings } from '@actp/shared/settings';
import { CliError } from '../../cli-error.ts';
import type { Cli } from '../../command.ts';
import { gatewayAddress } from '../../gateway/gateway-address.ts';

export interface Answer {
  /** `refused`: by the policy, a person, or time. `failed`: it could not be asked. */
  state: 'allowed' | 'approved' | 'refused' | 'failed';
  text: string;
}

export interface AskOptions {
  waitSeconds: number;
  /** Asks anew, whatever became of the same question before. */
  again: boolean;
  onPending(text: string): void;
}

/** The plane as an agent sees it, with WORKER_SECRET or an agent's own key in its place. @throws CliError, ConfigError, ActpError */
export async function planeClient(cli: Cli): Promise<ActpClient> {
  const { WORKER_SECRET, SIGNING_SECRET } = await cli.plane.settings({
    WORKER_SECRET: settings.WORKER_SECRET.optional(),
    SIGNING_SECRET: settings.SIGNING_SECRET,
  });
  if (WORKER_SECRET === undefined) {
    throw new CliError(
      'WORKER_SECRET is not set: the secret of the plane, or the key of an agent (actp_key_...).',
    );
  }
  const { url } = await gatewayAddress(cli);
  return createClient({
    url: url.href,
    secret: WORKER_SECRET,
    agentId: cli.environment['ACTP_AGENT_ID']?.trim() || 'dependency-gate',
    ...(SIGNING_SECRET !== undefined && { signingSecret: SIGNING_SECRET }),
    // The outcome says only that the gate has passed it on.
    onReportFailure: () => undefined,
  });
}

/** Asks whether a change may be taken, and waits for a person where the policy wants one. Never throws. */
export async function askPlane(
  client: Pick<ActpClient, 'guard'>,
  action: GateAction,
  details: GateDetails,
  { waitSeconds, again, onPending }: AskOptions,
): Promise<Answer> {
  const signal = AbortSignal.timeout(waitSeconds * 1_000);
  let approval: string | undefined;
  try {
    const granted = await client.guard(
      action,
      { ...details },
      ({ approval: used }) => used?.decided_by ?? null,
      {
        reason: `${details.count} of ${details.lock_file}`,
        signal,
        ...(again && { workId: randomUUID() }),
        onPending: ({ id }) => {
          approval = id;
          onPending(`waiting for a decision about approval ${id}, ${waitSeconds} s at most`);
        },
      },
    );
    if (granted === null) return { state: 'allowed', text: 'allowed by the policy' };
    return { state: 'approved', text: `approved by ${granted}` };
  } catch (error) {
    if (signal.aborted) return undecided(approval, waitSeconds);
    return answerOf(error);
  }
}

function undecided(approval: string | undefined, waitSeconds: number): Answer {
  return approval === undefined
    ? { state: 'failed', text: `the plane has not answered within ${waitSeconds} s` }
    : {
        state: 'refused',
        text: `nobody has decided within ${waitSeconds} s; the same command waits on (approval ${approval})`,
      };
}

function answerOf(error: unknown): Answer {
  if (error instanceof PolicyDenied) return { state: 'refused', text: error.message };
  // The same change was let through before, and nothing about it is different.
  if (error instanceof WorkFinished && error.approval?.outcome === 'succeeded') {
    return { state: 'approved', text: `approved before, by ${error.approval.decided_by ?? 'a person'}` };
  }
  if (error instanceof ApprovalError) {
    return {
      state: 'refused',
      text: `${error.message.replace(/; asking anew.*?workId/, '')}; --ask-again asks anew`,
    };
  }
  if (error instanceof ActpError)
    return { state: 'failed', text: `the plane could not be asked: ${error.message}` };
  return { state: 'failed', text: 'the plane could not be asked' };
}
