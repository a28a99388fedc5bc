/** What `/docs` fills in for an operation: as it stands, it is a valid call. */
interface Example {
  body: Record<string, unknown>;
  /** Parameters of the path that have the same values on every plane. */
  parameters?: Record<string, string>;
}

const user = { email: 'ann@example.com', password: 'a long password' };
const bulkMessage = { action: 'dm.bulk_send', details: { recipients: 25, message: 'hello' } };

/** One for each operation with a body, by its operation id. */
export const examples: Readonly<Record<string, Example>> = {
  register: { body: user },
  logIn: { body: user },
  changePassword: { body: { current: user.password, new: 'another long password' } },
  acceptInvite: { body: { code: 'the code of the invitation', password: 'a passphrase of hers' } },
  triggerJob: { body: {}, parameters: { queue: 'selftest' } },
  evaluateGuard: { body: { action: 'stripe.charge', details: { amount_usd: 500 } } },
  recordGuardOutcome: { body: { status: 'succeeded' } },
  requestApproval: { body: { ...bulkMessage, reason: 'the summer campaign' } },
  decideApproval: { body: { decision: 'rejected', action_digest: '0'.repeat(64), reason: 'not today' } },
  redeemApproval: { body: bulkMessage },
  recordApprovalOutcome: { body: { status: 'succeeded' } },
  resolveApproval: { body: { happened: true } },
  createTask: { body: { prompt: 'Research how tides are predicted', max_spend: 1 } },
  resolveEffect: { body: { happened: true } },
  createAgent: { body: { id: 'buyer', note: 'orders supplies', actions: ['payment.*', 'email.send'] } },
  rotateAgentKey: { body: { grace_seconds: 3600 } },
  setKillSwitch: { body: { scope: 'action:email.*', reason: 'wrong letters go out' } },
  liftKillSwitch: { body: { scope: 'action:email.*', reason: 'mended' } },
  writeAuditEvents: { body: { agent_id: 'ads-agent', action_type: 'ads.deploy', status: 'ok' } },
  acknowledgeAuditDamage: { body: { damage: '0'.repeat(64), reason: 'a restore from a backup' } },
  inviteOperator: { body: { email: 'kim@example.com', name: 'Kim Lee' } },
  changeOperator: { body: { name: 'Kim Lee' } },
};
