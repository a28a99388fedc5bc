export interface DecisionCommand {
  url: string;
  operatorEmail: string;
  /** Whether there is a `.env` to read the password from; otherwise it is in the environment. */
  envFile: boolean;
  approval: { id: string; action_digest: string | null };
  decision: 'approved' | 'rejected';
}

/**
 * A shell command that logs in as the operator and decides. The password goes from `.env`, read as shells do, through a pipe: it is neither
 * in the command nor in the arguments of a process.
 */
export function decisionCommand({
  url,
  operatorEmail,
  envFile,
  approval,
  decision,
}: DecisionCommand): string {
  const credentials = `JSON.stringify({ email: ${JSON.stringify(operatorEmail)}, password: process.env.OPERATOR_PASSWORD })`;
  const header = `"Authorization: Bearer " + JSON.parse(require("fs").readFileSync(0)).access_token`;
  const body = JSON.stringify({ decision, action_digest: approval.action_digest });
  const json = quote('Content-Type: application/json');
  const login = `node -p ${quote(credentials)}`;
  return [
    `${envFile ? `(set -a; . ./.env; ${login})` : login} |`,
    `  curl -sS -H ${json} --data-binary @- ${quote(`${url}/v1/auth/login`)} |`,
    `  node -p ${quote(header)} |`,
    `  curl -sS -H @- -H ${json} --data-binary ${quote(body)} ${quote(`${url}/v1/approvals/${approval.id}/decision`)}`,
  ].join('\n');
}

const quote = (text: string) => `'${text.replaceAll("'", `'\\''`)}'`;
