import { z } from 'zod';
import { visibleText } from '@actp/shared/visible-text';
import { CliError } from '../cli-error.ts';

const Problem = z.object({
  code: z.string(),
  detail: z.string(),
  rule: z.string().optional(),
  reasons: z.array(z.object({ code: z.string(), detail: z.string() })).optional(),
  errors: z.array(z.object({ field: z.string(), message: z.string() })).optional(),
});
type Problem = z.output<typeof Problem>;

/** A refusal of the gateway, with what to do about it. */
export class GatewayRefusal extends CliError {
  readonly status: number;
  readonly code: string;

  constructor(status: number, code: string, message: string) {
    super(message, { exitCode: 1 });
    this.status = status;
    this.code = code;
  }
}

/**
 * What a response means that is no success.
 *
 * @param outcome what a person wants to know first, for instance `Nothing was decided.`
 */
export function refusalOf(status: number, body: unknown, outcome = ''): GatewayRefusal {
  const problem = Problem.safeParse(body).data ?? { code: 'unknown', detail: `HTTP ${status}` };
  const [why, remedy] = explain(status, problem);
  const lines = [[why, outcome].filter((part) => part !== '').join(' '), ...(remedy === '' ? [] : [remedy])];
  return new GatewayRefusal(status, problem.code, visibleText(lines.join('\n')));
}

const logIn = 'Log in again: npm run approvals -- login';

function explain(status: number, problem: Problem): [why: string, remedy: string] {
  const { code, detail } = problem;
  switch (code) {
    case 'unauthenticated':
      return ['The session has ended, or the token is not valid.', logIn];
    case 'policy_denied':
      return [
        `The policy denies it${objections(problem)}, so nobody can approve it.`,
        'It can be rejected: npm run approvals -- reject <id>',
      ];
    case 'forbidden':
      return forbidden(detail);
    case 'not_found':
      return ['There is no such approval.', 'See what is pending: npm run approvals -- list'];
    case 'kill_switch':
      return [
        'An operator has stopped this (kill switch).',
        'Once it is lifted it can be decided: /resume in Telegram, or the dashboard.',
      ];
    case 'conflict':
      return [`Too late: it is ${detail}.`, ''];
    case 'gone':
      return ['Too late: it has expired, which counts as rejected.', 'The agent has to ask anew.'];
    case 'digest_mismatch':
      return ['It is not what was shown.', 'Look at it again: npm run approvals -- show <id>'];
    case 'rate_limited':
      return ['Too many requests, or too many failed logins.', 'Wait a minute and try again.'];
    case 'unavailable':
    case 'timeout':
      return [
        `The plane cannot do it now: ${detail}.`,
        'Try again in a moment; npm start shows what is missing.',
      ];
    default:
      return [`The gateway refused: ${[detail, ...fields(problem)].join('; ')}.`, ''];
  }
}

function forbidden(detail: string): [why: string, remedy: string] {
  if (detail.includes('requester cannot decide')) {
    return ['You asked for this yourself.', 'Another operator has to decide.'];
  }
  if (detail.includes('the session has ended')) {
    return ['Your account is disabled, or the session has ended.', logIn];
  }
  return [
    `This is for operators: ${detail}.`,
    'Log in as an operator: npm run approvals -- login --email <address>',
  ];
}

function objections({ rule, reasons = [] }: Problem): string {
  const why = reasons.map((reason) => reason.detail).join('; ');
  return `${rule === undefined ? '' : ` (${rule})`}${why === '' ? '' : `: ${why}`}`;
}

const fields = ({ errors = [] }: Problem) => errors.map(({ field, message }) => `${field} ${message}`);
