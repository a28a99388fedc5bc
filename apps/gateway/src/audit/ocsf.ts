import type { LoggedEvent } from '@actp/services/audit/read';

// OCSF 1.3: https://schema.ocsf.io/1.3.0/classes/api_activity and .../authentication
const apiActivity = {
  class_uid: 6003,
  class_name: 'API Activity',
  category_uid: 6,
  category_name: 'Application Activity',
};
const authentication = {
  class_uid: 3002,
  class_name: 'Authentication',
  category_uid: 3,
  category_name: 'Identity & Access Management',
};
const verbs: ReadonlyArray<[RegExp, number]> = [
  [/\.(?:create|request|trigger|deploy|send|insert|add|write)/, 1],
  [/\.(?:read|list|get|export|verify)/, 2],
  [/\.(?:update|change|decide|outcome|redeem|edit)/, 3],
  [/\.(?:delete|cancel|remove|expire|lapse)/, 4],
];

/** An event in the words of the Open Cybersecurity Schema Framework; what it has no word for stands in `unmapped`. */
export function ocsfEvent(event: LoggedEvent): Record<string, unknown> {
  const { action_type, status } = event;
  const isLogin = action_type.startsWith('auth.');
  const kind = isLogin ? authentication : apiActivity;
  const activity_id = isLogin
    ? (({ 'auth.login': 1, 'auth.logout': 2 } as Record<string, number>)[action_type] ?? 99)
    : (verbs.find(([pattern]) => pattern.test(action_type))?.[1] ?? 99);
  const failed = status !== 'ok';
  return {
    ...kind,
    activity_id,
    type_uid: kind.class_uid * 100 + activity_id,
    time: Date.parse(event.created_at),
    ...(event.started_at === null ? {} : { start_time: Date.parse(event.started_at) }),
    ...(event.completed_at === null ? {} : { end_time: Date.parse(event.completed_at) }),
    // Informational; medium where something was refused or is of the security events.
    severity_id: status === 'denied' || action_type.startsWith('security.') ? 3 : 1,
    status,
    status_id: failed ? 2 : 1,
    ...(event.error === null ? {} : { status_detail: event.error }),
    metadata: {
      version: '1.3.0',
      uid: event.event_id,
      sequence: event.chain_seq,
      product: { name: 'actp-worker', vendor_name: 'actp-worker' },
    },
    actor: { user: { name: event.agent_id } },
    ...(isLogin ? { user: { name: event.agent_id } } : {}),
    api: {
      operation: action_type,
      ...(event.request_id === null ? {} : { request: { uid: event.request_id } }),
    },
    src_endpoint: { ip: event.ip_address },
    http_request: { user_agent: event.user_agent },
    unmapped: {
      result: event.result,
      task_id: event.task_id,
      approval_id: event.approval_id,
      chain_lane: event.chain_lane,
      prev_hash: event.prev_hash,
      hash: event.hash,
      source: event.source,
    },
  };
}
