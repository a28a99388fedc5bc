-- The schema as the migrations make it: for reading and for reviewing changes, not for execution. Functions are in
-- packages/db/sql. Made by a test: npm test -- packages/db/src/schema -u

schema actp_access
  USAGE to anon
  USAGE to authenticated
  USAGE to service_role;
schema actp_audit;
schema actp_migrations;

table actp_access.agent_list (
  only_row boolean not null default true,
  version uuid not null default gen_random_uuid(),
  constraint agent_list_only_row_check CHECK (only_row),
  constraint agent_list_pkey PRIMARY KEY (only_row)
);
row level security;

table actp_access.app_keys (
  key_hash bytea not null,
  app text not null,
  registered_at timestamp with time zone not null default now(),
  constraint app_keys_app_check CHECK ((app = ANY (ARRAY['gateway'::text, 'bot'::text, 'scheduler'::text, 'runner'::text, 'auditor'::text, 'executor'::text, 'inspector'::text, 'cli'::text]))),
  constraint app_keys_key_hash_check CHECK ((octet_length(key_hash) = 32)),
  constraint app_keys_pkey PRIMARY KEY (key_hash, app)
);
row level security;

table actp_audit.acknowledgements (
  id bigint not null generated as identity,
  damage jsonb not null,
  stored jsonb,
  outside jsonb,
  reason text not null,
  acknowledged_by text not null,
  acknowledged_at timestamp with time zone not null default clock_timestamp(),
  constraint acknowledgements_damage_check CHECK (((jsonb_typeof(damage) = 'array'::text) AND ((jsonb_array_length(damage) >= 1) AND (jsonb_array_length(damage) <= 1000)))),
  constraint acknowledgements_pkey PRIMARY KEY (id),
  constraint acknowledgements_reason_check CHECK (((char_length(reason) >= 1) AND (char_length(reason) <= 500)))
);
row level security;
CREATE TRIGGER acknowledgements_append_only BEFORE DELETE OR UPDATE ON actp_audit.acknowledgements FOR EACH ROW EXECUTE FUNCTION public.refuse_audit_change();
CREATE TRIGGER acknowledgements_no_truncate BEFORE TRUNCATE ON actp_audit.acknowledgements FOR EACH STATEMENT EXECUTE FUNCTION public.refuse_audit_change();

sequence actp_audit.audit_ids;
grant usage to service_role;

table actp_audit.checkpoints (
  n bigint not null,
  payload text not null,
  signature text not null,
  created_at timestamp with time zone not null default clock_timestamp(),
  constraint checkpoints_pkey PRIMARY KEY (n)
);
row level security;
CREATE TRIGGER checkpoints_append_only BEFORE DELETE OR UPDATE ON actp_audit.checkpoints FOR EACH ROW EXECUTE FUNCTION public.refuse_audit_change();
CREATE TRIGGER checkpoints_no_truncate BEFORE TRUNCATE ON actp_audit.checkpoints FOR EACH STATEMENT EXECUTE FUNCTION public.refuse_audit_change();

table actp_audit.event_ids (
  event_id uuid not null,
  day date not null,
  constraint event_ids_pkey PRIMARY KEY (event_id)
);
row level security;
CREATE INDEX event_ids_day ON actp_audit.event_ids USING brin (day);

table actp_audit.lanes (
  day date not null,
  lane smallint not null,
  seq bigint not null default 0,
  hash bytea not null default decode(repeat('00'::text, 32), 'hex'::text),
  constraint lanes_pkey PRIMARY KEY (day, lane)
)
  with (fillfactor=20);
row level security;

table actp_audit.log_<day> (
  id bigint not null default nextval('actp_audit.audit_ids'::regclass),
  event_id uuid not null default gen_random_uuid(),
  agent_id text not null,
  action_type text not null,
  status text not null,
  result jsonb,
  error text,
  started_at timestamp with time zone,
  completed_at timestamp with time zone,
  ip_address inet,
  user_agent text,
  request_id text,
  task_id uuid,
  approval_id uuid,
  created_at timestamp with time zone not null default now(),
  chain_lane smallint not null,
  chain_seq bigint not null,
  prev_hash bytea not null,
  hash bytea not null,
  source text default 'direct'::text,
  constraint actp_agent_audit_log_action_type_check CHECK (((char_length(action_type) >= 1) AND (char_length(action_type) <= 128))),
  constraint actp_agent_audit_log_agent_id_check CHECK (((char_length(agent_id) >= 1) AND (char_length(agent_id) <= 128))),
  constraint actp_agent_audit_log_error_check CHECK ((octet_length(error) <= 131072)),
  constraint actp_agent_audit_log_request_id_check CHECK ((char_length(request_id) <= 128)),
  constraint actp_agent_audit_log_result_check CHECK ((pg_column_size(result) <= 524288)),
  constraint actp_agent_audit_log_source_check CHECK ((source = ANY (ARRAY['plane'::text, 'http'::text, 'direct'::text]))),
  constraint actp_agent_audit_log_status_check CHECK (((char_length(status) >= 1) AND (char_length(status) <= 64))),
  constraint actp_agent_audit_log_user_agent_check CHECK ((char_length(user_agent) <= 512)),
  constraint in_its_day CHECK (((created_at IS NOT NULL) AND (created_at >= '<midnight UTC>'::timestamp with time zone) AND (created_at < '<midnight UTC>'::timestamp with time zone)))
)
  partition of public.actp_agent_audit_log FOR VALUES FROM ('<midnight UTC>') TO ('<midnight UTC>');
row level security;
CREATE INDEX log_<day>_action_type_created_at_id_idx ON actp_audit.log_<day> USING btree (action_type, created_at, id);
CREATE INDEX log_<day>_agent_id_created_at_id_idx ON actp_audit.log_<day> USING btree (agent_id, created_at, id);
CREATE INDEX log_<day>_chain_lane_chain_seq_idx ON actp_audit.log_<day> USING btree (chain_lane, chain_seq);
CREATE INDEX log_<day>_created_at_id_idx ON actp_audit.log_<day> USING btree (created_at, id);
CREATE INDEX log_<day>_ip_address_created_at_id_idx ON actp_audit.log_<day> USING btree (ip_address, created_at, id);
CREATE INDEX log_<day>_status_created_at_id_idx ON actp_audit.log_<day> USING btree (status, created_at, id) WHERE (status <> 'ok'::text);
CREATE INDEX log_<day>_task_id_created_at_id_idx ON actp_audit.log_<day> USING btree (task_id, created_at, id) WHERE (task_id IS NOT NULL);
CREATE TRIGGER append_only_truncate BEFORE TRUNCATE ON actp_audit.log_<day> FOR EACH STATEMENT EXECUTE FUNCTION public.refuse_audit_change();

table actp_audit.log_other (
  id bigint not null default nextval('actp_audit.audit_ids'::regclass),
  event_id uuid not null default gen_random_uuid(),
  agent_id text not null,
  action_type text not null,
  status text not null,
  result jsonb,
  error text,
  started_at timestamp with time zone,
  completed_at timestamp with time zone,
  ip_address inet,
  user_agent text,
  request_id text,
  task_id uuid,
  approval_id uuid,
  created_at timestamp with time zone not null default now(),
  chain_lane smallint not null,
  chain_seq bigint not null,
  prev_hash bytea not null,
  hash bytea not null,
  source text default 'direct'::text,
  constraint actp_agent_audit_log_action_type_check CHECK (((char_length(action_type) >= 1) AND (char_length(action_type) <= 128))),
  constraint actp_agent_audit_log_agent_id_check CHECK (((char_length(agent_id) >= 1) AND (char_length(agent_id) <= 128))),
  constraint actp_agent_audit_log_error_check CHECK ((octet_length(error) <= 131072)),
  constraint actp_agent_audit_log_request_id_check CHECK ((char_length(request_id) <= 128)),
  constraint actp_agent_audit_log_result_check CHECK ((pg_column_size(result) <= 524288)),
  constraint actp_agent_audit_log_source_check CHECK ((source = ANY (ARRAY['plane'::text, 'http'::text, 'direct'::text]))),
  constraint actp_agent_audit_log_status_check CHECK (((char_length(status) >= 1) AND (char_length(status) <= 64))),
  constraint actp_agent_audit_log_user_agent_check CHECK ((char_length(user_agent) <= 512))
)
  partition of public.actp_agent_audit_log DEFAULT;
row level security;
CREATE INDEX log_other_action_type_created_at_id_idx ON actp_audit.log_other USING btree (action_type, created_at, id);
CREATE INDEX log_other_agent_id_created_at_id_idx ON actp_audit.log_other USING btree (agent_id, created_at, id);
CREATE INDEX log_other_chain_lane_chain_seq_idx ON actp_audit.log_other USING btree (chain_lane, chain_seq);
CREATE INDEX log_other_created_at_id_idx ON actp_audit.log_other USING btree (created_at, id);
CREATE INDEX log_other_ip_address_created_at_id_idx ON actp_audit.log_other USING btree (ip_address, created_at, id);
CREATE INDEX log_other_status_created_at_id_idx ON actp_audit.log_other USING btree (status, created_at, id) WHERE (status <> 'ok'::text);
CREATE INDEX log_other_task_id_created_at_id_idx ON actp_audit.log_other USING btree (task_id, created_at, id) WHERE (task_id IS NOT NULL);
CREATE TRIGGER append_only_truncate BEFORE TRUNCATE ON actp_audit.log_other FOR EACH STATEMENT EXECUTE FUNCTION public.refuse_audit_change();

table actp_audit.plane (
  singleton boolean not null default true,
  plane_id uuid not null default gen_random_uuid(),
  made_empty boolean not null,
  retired_rows bigint not null default 0,
  anchored_rows bigint,
  anchored_at timestamp with time zone,
  epoch integer not null default 1,
  signing_key text,
  confirmed_for text,
  held_code text,
  held_reason text,
  held_at timestamp with time zone,
  held_stopped jsonb,
  accepted_at timestamp with time zone,
  anchor_problem text,
  anchor_problem_at timestamp with time zone,
  held_epoch integer,
  constraint held_with_reason CHECK ((((held_code IS NULL) = (held_reason IS NULL)) AND ((held_code IS NULL) = (held_at IS NULL)))),
  constraint plane_anchor_problem_check CHECK (((char_length(anchor_problem) >= 1) AND (char_length(anchor_problem) <= 1000))),
  constraint plane_held_code_check CHECK ((held_code = ANY (ARRAY['behind'::text, 'other_plane'::text, 'anchor_missing'::text, 'anchor_unusable'::text, 'signing_key'::text]))),
  constraint plane_held_reason_check CHECK (((char_length(held_reason) >= 1) AND (char_length(held_reason) <= 1000))),
  constraint plane_pkey PRIMARY KEY (singleton),
  constraint plane_signing_key_check CHECK ((char_length(signing_key) <= 200)),
  constraint plane_singleton_check CHECK (singleton),
  constraint problem_with_time CHECK (((anchor_problem IS NULL) = (anchor_problem_at IS NULL)))
);
row level security;

table actp_audit.retention (
  singleton boolean not null default true,
  days integer not null,
  constraint retention_days_check CHECK (((days >= 1) AND (days <= 36500))),
  constraint retention_pkey PRIMARY KEY (singleton),
  constraint retention_singleton_check CHECK (singleton)
);
row level security;

table actp_audit.secret_marks (
  mark text not null,
  kind text not null,
  pattern text not null
);
row level security;

table actp_migrations.function_files (
  file text not null,
  sha256 text not null,
  release text not null,
  applied_at timestamp with time zone not null default now(),
  constraint function_files_pkey PRIMARY KEY (file)
);
row level security;

table public.actp_accepted_findings (
  finding_id uuid not null,
  reason text not null,
  until timestamp with time zone not null,
  accepted_at timestamp with time zone not null default clock_timestamp(),
  constraint actp_accepted_findings_pkey PRIMARY KEY (finding_id),
  constraint actp_accepted_findings_reason_check CHECK (((char_length(reason) >= 1) AND (char_length(reason) <= 1000)))
);
row level security;

table public.actp_agent_audit_log (
  id bigint not null default nextval('actp_audit.audit_ids'::regclass),
  event_id uuid not null default gen_random_uuid(),
  agent_id text not null,
  action_type text not null,
  status text not null,
  result jsonb,
  error text,
  started_at timestamp with time zone,
  completed_at timestamp with time zone,
  ip_address inet,
  user_agent text,
  request_id text,
  task_id uuid,
  approval_id uuid,
  created_at timestamp with time zone not null default now(),
  chain_lane smallint not null,
  chain_seq bigint not null,
  prev_hash bytea not null,
  hash bytea not null,
  source text default 'direct'::text,
  constraint actp_agent_audit_log_action_type_check CHECK (((char_length(action_type) >= 1) AND (char_length(action_type) <= 128))),
  constraint actp_agent_audit_log_agent_id_check CHECK (((char_length(agent_id) >= 1) AND (char_length(agent_id) <= 128))),
  constraint actp_agent_audit_log_error_check CHECK ((octet_length(error) <= 131072)),
  constraint actp_agent_audit_log_request_id_check CHECK ((char_length(request_id) <= 128)),
  constraint actp_agent_audit_log_result_check CHECK ((pg_column_size(result) <= 524288)),
  constraint actp_agent_audit_log_source_check CHECK ((source = ANY (ARRAY['plane'::text, 'http'::text, 'direct'::text]))),
  constraint actp_agent_audit_log_status_check CHECK (((char_length(status) >= 1) AND (char_length(status) <= 64))),
  constraint actp_agent_audit_log_user_agent_check CHECK ((char_length(user_agent) <= 512))
)
  partition by RANGE (created_at);
row level security;
CREATE INDEX actp_agent_audit_log_action ON ONLY public.actp_agent_audit_log USING btree (action_type, created_at, id);
CREATE INDEX actp_agent_audit_log_agent ON ONLY public.actp_agent_audit_log USING btree (agent_id, created_at, id);
CREATE INDEX actp_agent_audit_log_chain ON ONLY public.actp_agent_audit_log USING btree (chain_lane, chain_seq);
CREATE INDEX actp_agent_audit_log_ip ON ONLY public.actp_agent_audit_log USING btree (ip_address, created_at, id);
CREATE INDEX actp_agent_audit_log_newest ON ONLY public.actp_agent_audit_log USING btree (created_at, id);
CREATE INDEX actp_agent_audit_log_status ON ONLY public.actp_agent_audit_log USING btree (status, created_at, id) WHERE (status <> 'ok'::text);
CREATE INDEX actp_agent_audit_log_task ON ONLY public.actp_agent_audit_log USING btree (task_id, created_at, id) WHERE (task_id IS NOT NULL);
CREATE TRIGGER actp_agent_audit_log_append_only BEFORE DELETE OR UPDATE ON public.actp_agent_audit_log FOR EACH ROW EXECUTE FUNCTION public.refuse_audit_change();
CREATE TRIGGER actp_agent_audit_log_chain BEFORE INSERT ON public.actp_agent_audit_log FOR EACH ROW WHEN ((new.hash IS NULL)) EXECUTE FUNCTION actp_audit.chain_row();
CREATE TRIGGER actp_agent_audit_log_no_truncate BEFORE TRUNCATE ON public.actp_agent_audit_log FOR EACH STATEMENT EXECUTE FUNCTION public.refuse_audit_change();
grant select to service_role;
grant insert (event_id, agent_id, action_type, status, result, error, started_at, completed_at, ip_address, user_agent, request_id, task_id, approval_id) to service_role;

table public.actp_agent_health_snapshots (
  id uuid not null default gen_random_uuid(),
  run_id uuid not null,
  trigger text not null,
  status text not null,
  tests_total integer not null default 0,
  tests_passed integer not null default 0,
  tests_failed integer not null default 0,
  services_up integer not null default 0,
  services_total integer not null default 0,
  services jsonb not null default '[]'::jsonb,
  suites jsonb not null default '[]'::jsonb,
  failures jsonb not null default '[]'::jsonb,
  flaky jsonb not null default '[]'::jsonb,
  heal jsonb,
  duration_ms integer not null default 0,
  created_at timestamp with time zone not null default now(),
  constraint actp_agent_health_snapshots_check CHECK ((services_total >= services_up)),
  constraint actp_agent_health_snapshots_duration_ms_check CHECK ((duration_ms >= 0)),
  constraint actp_agent_health_snapshots_failures_check CHECK ((jsonb_typeof(failures) = 'array'::text)),
  constraint actp_agent_health_snapshots_flaky_check CHECK ((jsonb_typeof(flaky) = 'array'::text)),
  constraint actp_agent_health_snapshots_pkey PRIMARY KEY (id),
  constraint actp_agent_health_snapshots_run_id_key UNIQUE (run_id),
  constraint actp_agent_health_snapshots_services_check CHECK ((jsonb_typeof(services) = 'array'::text)),
  constraint actp_agent_health_snapshots_services_up_check CHECK ((services_up >= 0)),
  constraint actp_agent_health_snapshots_status_check CHECK ((status = ANY (ARRAY['passed'::text, 'failed'::text, 'healed'::text, 'error'::text]))),
  constraint actp_agent_health_snapshots_suites_check CHECK ((jsonb_typeof(suites) = 'array'::text)),
  constraint actp_agent_health_snapshots_tests_failed_check CHECK ((tests_failed >= 0)),
  constraint actp_agent_health_snapshots_tests_passed_check CHECK ((tests_passed >= 0)),
  constraint actp_agent_health_snapshots_tests_total_check CHECK ((tests_total >= 0)),
  constraint actp_agent_health_snapshots_trigger_check CHECK ((trigger = ANY (ARRAY['startup'::text, 'nightly'::text, 'http'::text, 'telegram'::text])))
);
row level security;
CREATE INDEX actp_agent_health_snapshots_healing ON public.actp_agent_health_snapshots USING btree (created_at) WHERE ((heal ->> 'state'::text) = ANY (ARRAY['queued'::text, 'running'::text]));
CREATE INDEX actp_agent_health_snapshots_newest ON public.actp_agent_health_snapshots USING btree (created_at DESC);
policy apps_read PERMISSIVE for SELECT to actp_bot, actp_gateway, actp_runner using (true) with check ();
grant select to actp_bot;
grant select to actp_gateway;
grant select to actp_runner;
grant select to service_role;

table public.actp_agents (
  id text not null,
  name text not null,
  note text,
  actions text[],
  expires_at timestamp with time zone,
  created_at timestamp with time zone not null default now(),
  created_by text not null,
  key_hash bytea,
  previous_key_hash bytea,
  previous_until timestamp with time zone,
  rotated_at timestamp with time zone,
  last_used_at timestamp with time zone,
  deleted_at timestamp with time zone,
  constraint actp_agents_actions_check CHECK (((cardinality(actions) >= 1) AND (cardinality(actions) <= 100))),
  constraint actp_agents_id_check CHECK (((char_length(id) >= 1) AND (char_length(id) <= 128))),
  constraint actp_agents_key_hash_check CHECK ((octet_length(key_hash) = 32)),
  constraint actp_agents_key_hash_key UNIQUE (key_hash),
  constraint actp_agents_name_key UNIQUE (name),
  constraint actp_agents_note_check CHECK ((char_length(note) <= 500)),
  constraint actp_agents_pkey PRIMARY KEY (id),
  constraint actp_agents_previous_key_hash_check CHECK ((octet_length(previous_key_hash) = 32)),
  constraint deleted_without_key CHECK (((deleted_at IS NULL) = (key_hash IS NOT NULL)))
);
row level security;
CREATE INDEX actp_agents_newest ON public.actp_agents USING btree (created_at DESC, id DESC) WHERE (deleted_at IS NULL);
CREATE TRIGGER held_gives_keys BEFORE UPDATE ON public.actp_agents FOR EACH ROW WHEN (((new.key_hash IS NOT NULL) AND (new.key_hash IS DISTINCT FROM old.key_hash))) EXECUTE FUNCTION public.refuse_while_held();
CREATE TRIGGER held_makes_agents BEFORE INSERT ON public.actp_agents FOR EACH ROW EXECUTE FUNCTION public.refuse_while_held();

table public.actp_approval_callbacks (
  approval_id uuid not null,
  version integer not null,
  type text not null,
  at timestamp with time zone not null,
  state text not null default 'waiting'::text,
  attempts integer not null default 0,
  next_attempt_at timestamp with time zone not null default clock_timestamp(),
  last_error text,
  finished_at timestamp with time zone,
  constraint actp_approval_callbacks_approval_id_fkey FOREIGN KEY (approval_id) REFERENCES public.actp_approval_queue(id),
  constraint actp_approval_callbacks_pkey PRIMARY KEY (approval_id, version),
  constraint actp_approval_callbacks_state_check CHECK ((state = ANY (ARRAY['waiting'::text, 'delivered'::text, 'given_up'::text])))
);
row level security;
CREATE INDEX actp_approval_callbacks_due ON public.actp_approval_callbacks USING btree (next_attempt_at) WHERE (state = 'waiting'::text);
CREATE TRIGGER held_calls_back BEFORE UPDATE ON public.actp_approval_callbacks FOR EACH ROW WHEN ((new.attempts > old.attempts)) EXECUTE FUNCTION public.refuse_while_held();
policy apps_read PERMISSIVE for SELECT to actp_scheduler using (true) with check ();
grant select to actp_scheduler;

table public.actp_approval_cards (
  approval_id uuid not null,
  chat_id text not null,
  message_id bigint not null,
  shown_version integer not null,
  reminders integer not null default 0,
  sent_at timestamp with time zone not null default clock_timestamp(),
  wanted_version integer not null default 0,
  constraint actp_approval_cards_approval_id_fkey FOREIGN KEY (approval_id) REFERENCES public.actp_approval_queue(id),
  constraint actp_approval_cards_pkey PRIMARY KEY (approval_id)
);
row level security;
CREATE INDEX actp_approval_cards_message ON public.actp_approval_cards USING btree (chat_id, message_id);
CREATE INDEX actp_approval_cards_stale ON public.actp_approval_cards USING btree (sent_at) WHERE (shown_version < wanted_version);

table public.actp_approval_events (
  approval_id uuid not null,
  version integer not null,
  type text not null,
  at timestamp with time zone not null default clock_timestamp(),
  constraint actp_approval_events_approval_id_fkey FOREIGN KEY (approval_id) REFERENCES public.actp_approval_queue(id),
  constraint actp_approval_events_pkey PRIMARY KEY (approval_id, version)
);
row level security;
CREATE TRIGGER actp_approval_events_mark_card AFTER INSERT ON public.actp_approval_events FOR EACH ROW EXECUTE FUNCTION public.mark_approval_card();
CREATE TRIGGER actp_approval_events_note_callback AFTER INSERT ON public.actp_approval_events FOR EACH ROW WHEN ((new.type <> 'pending'::text)) EXECUTE FUNCTION public.note_approval_callback();

table public.actp_approval_first_presses (
  approval_id uuid not null,
  actor text not null,
  pressed_at timestamp with time zone not null,
  constraint actp_approval_first_presses_approval_id_fkey FOREIGN KEY (approval_id) REFERENCES public.actp_approval_queue(id),
  constraint actp_approval_first_presses_pkey PRIMARY KEY (approval_id, actor)
);
row level security;
CREATE TRIGGER held_presses BEFORE INSERT OR UPDATE ON public.actp_approval_first_presses FOR EACH ROW EXECUTE FUNCTION public.refuse_while_held();

table public.actp_approval_queue (
  id uuid not null default gen_random_uuid(),
  action text not null,
  details jsonb not null default '{}'::jsonb,
  requested_by text not null,
  status text not null default 'pending'::text,
  decided_by text,
  decided_at timestamp with time zone,
  expires_at timestamp with time zone not null default (now() + '04:00:00'::interval),
  created_at timestamp with time zone not null default now(),
  action_digest text,
  policy_version text,
  payload_digest text,
  reason text,
  chat_id text,
  callback_url text,
  critical boolean not null default false,
  approvers integer not null default 1,
  grant_seconds integer not null default 600,
  idempotency_scope text,
  idempotency_key text,
  request_digest text,
  decision_reason text,
  grant_id uuid,
  redeemed_at timestamp with time zone,
  redeemed_by text,
  lapsed_at timestamp with time zone,
  outcome text,
  outcome_at timestamp with time zone,
  outcome_result jsonb,
  version integer not null default 1,
  outcome_before_effect boolean not null default false,
  cost_usd double precision,
  asked_by text,
  source text default 'direct'::text,
  details_order text,
  traceparent text default "substring"(((NULLIF(current_setting('request.headers'::text, true), ''::text))::json ->> 'traceparent'::text), '^00-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}$'::text),
  constraint actp_approval_queue_action_check CHECK (((char_length(action) >= 1) AND (char_length(action) <= 128))),
  constraint actp_approval_queue_action_digest_check CHECK ((action_digest ~ '^[0-9a-f]{64}$'::text)),
  constraint actp_approval_queue_approvers_check CHECK (((approvers >= 1) AND (approvers <= 10))),
  constraint actp_approval_queue_asked_by_check CHECK (((char_length(asked_by) >= 1) AND (char_length(asked_by) <= 128))),
  constraint actp_approval_queue_cost_usd_check CHECK ((cost_usd >= (0)::double precision)),
  constraint actp_approval_queue_details_check CHECK ((jsonb_typeof(details) = 'object'::text)),
  constraint actp_approval_queue_grant_seconds_check CHECK (((grant_seconds >= 1) AND (grant_seconds <= 86400))),
  constraint actp_approval_queue_outcome_check CHECK ((outcome = ANY (ARRAY['succeeded'::text, 'failed'::text, 'unknown'::text]))),
  constraint actp_approval_queue_payload_digest_check CHECK ((payload_digest ~ '^[0-9a-f]{64}$'::text)),
  constraint actp_approval_queue_pkey PRIMARY KEY (id),
  constraint actp_approval_queue_reason_check CHECK ((char_length(reason) <= 2000)),
  constraint actp_approval_queue_requested_by_check CHECK (((char_length(requested_by) >= 1) AND (char_length(requested_by) <= 128))),
  constraint actp_approval_queue_source_check CHECK ((source = ANY (ARRAY['plane'::text, 'http'::text, 'direct'::text]))),
  constraint actp_approval_queue_status_check CHECK ((status = ANY (ARRAY['pending'::text, 'approved'::text, 'rejected'::text, 'expired'::text, 'cancelled'::text]))),
  constraint decided_by_someone CHECK (((status = ANY (ARRAY['approved'::text, 'rejected'::text])) = ((decided_by IS NOT NULL) AND (decided_at IS NOT NULL)))),
  constraint decided_in_time CHECK (((decided_at IS NULL) OR (decided_at <= expires_at))),
  constraint lapsed_only_when_approved CHECK (((lapsed_at IS NULL) OR (status = 'approved'::text))),
  constraint outcome_only_when_redeemed CHECK (((outcome IS NULL) OR (redeemed_at IS NOT NULL))),
  constraint redeemed_only_when_approved CHECK (((redeemed_at IS NULL) OR ((status = 'approved'::text) AND (grant_id IS NOT NULL) AND (lapsed_at IS NULL))))
);
row level security;
CREATE INDEX actp_approval_queue_asker ON public.actp_approval_queue USING btree (COALESCE(asked_by, requested_by), created_at DESC, id DESC);
CREATE INDEX actp_approval_queue_granted ON public.actp_approval_queue USING btree (decided_at) WHERE ((status = 'approved'::text) AND (redeemed_at IS NULL) AND (lapsed_at IS NULL));
CREATE UNIQUE INDEX actp_approval_queue_idempotency ON public.actp_approval_queue USING btree (idempotency_scope, idempotency_key) WHERE (idempotency_key IS NOT NULL);
CREATE INDEX actp_approval_queue_newest ON public.actp_approval_queue USING btree (created_at DESC, id DESC);
CREATE INDEX actp_approval_queue_pending ON public.actp_approval_queue USING btree (expires_at) WHERE (status = 'pending'::text);
CREATE INDEX actp_approval_queue_running ON public.actp_approval_queue USING btree (redeemed_at) WHERE ((redeemed_at IS NOT NULL) AND (outcome IS NULL));
CREATE INDEX actp_approval_queue_unadopted ON public.actp_approval_queue USING btree (created_at) WHERE ((status = 'pending'::text) AND (action_digest IS NULL));
CREATE TRIGGER held_asks BEFORE INSERT ON public.actp_approval_queue FOR EACH ROW EXECUTE FUNCTION public.refuse_while_held();
CREATE TRIGGER held_decides BEFORE UPDATE ON public.actp_approval_queue FOR EACH ROW WHEN ((((new.status IS DISTINCT FROM old.status) AND (new.status = ANY (ARRAY['pending'::text, 'approved'::text, 'rejected'::text]))) OR ((new.redeemed_at IS NOT NULL) AND (new.redeemed_at IS DISTINCT FROM old.redeemed_at)) OR ((new.grant_id IS NOT NULL) AND (new.grant_id IS DISTINCT FROM old.grant_id)) OR ((new.lapsed_at IS NULL) AND (old.lapsed_at IS NOT NULL)) OR ((new.redeemed_at IS NULL) AND (old.redeemed_at IS NOT NULL)))) EXECUTE FUNCTION public.refuse_while_held();
grant select to service_role;
grant insert (action, details, requested_by) to service_role;

table public.actp_approval_votes (
  approval_id uuid not null,
  actor text not null,
  voted_at timestamp with time zone not null default clock_timestamp(),
  person text not null,
  constraint actp_approval_votes_approval_id_fkey FOREIGN KEY (approval_id) REFERENCES public.actp_approval_queue(id),
  constraint actp_approval_votes_pkey PRIMARY KEY (approval_id, actor)
);
row level security;
CREATE UNIQUE INDEX actp_approval_votes_person ON public.actp_approval_votes USING btree (approval_id, person);
CREATE TRIGGER held_votes BEFORE INSERT ON public.actp_approval_votes FOR EACH ROW EXECUTE FUNCTION public.refuse_while_held();

table public.actp_daily_spend (
  user_id uuid not null,
  day date not null,
  spent_minor bigint not null default 0,
  reserved_minor bigint not null default 0,
  constraint actp_daily_spend_pkey PRIMARY KEY (user_id, day),
  constraint actp_daily_spend_reserved_minor_check CHECK ((reserved_minor >= 0)),
  constraint actp_daily_spend_spent_minor_check CHECK ((spent_minor >= 0))
);
row level security;

table public.actp_findings (
  id uuid not null,
  project text not null,
  kind text not null,
  severity text not null,
  package text,
  version text,
  path text,
  title text not null,
  detail text not null default ''::text,
  state text not null default 'open'::text,
  seen_by text[] not null,
  first_seen_at timestamp with time zone not null default clock_timestamp(),
  last_seen_at timestamp with time zone not null default clock_timestamp(),
  fixed_at timestamp with time zone,
  constraint actp_findings_detail_check CHECK ((char_length(detail) <= 4000)),
  constraint actp_findings_kind_check CHECK (((char_length(kind) >= 1) AND (char_length(kind) <= 50))),
  constraint actp_findings_package_check CHECK ((char_length(package) <= 300)),
  constraint actp_findings_path_check CHECK ((char_length(path) <= 1000)),
  constraint actp_findings_pkey PRIMARY KEY (id),
  constraint actp_findings_project_check CHECK (((char_length(project) >= 1) AND (char_length(project) <= 100))),
  constraint actp_findings_severity_check CHECK ((severity = ANY (ARRAY['critical'::text, 'high'::text, 'medium'::text, 'low'::text]))),
  constraint actp_findings_state_check CHECK ((state = ANY (ARRAY['open'::text, 'fixed'::text, 'accepted'::text]))),
  constraint actp_findings_title_check CHECK ((char_length(title) <= 500)),
  constraint actp_findings_version_check CHECK ((char_length(version) <= 200))
);
row level security;
CREATE INDEX actp_findings_newest ON public.actp_findings USING btree (first_seen_at DESC, id DESC);
CREATE INDEX actp_findings_open ON public.actp_findings USING btree (project) WHERE (state <> 'fixed'::text);

table public.actp_heals (
  id uuid not null default gen_random_uuid(),
  run_id uuid not null,
  suite text not null,
  request text not null,
  asked_by text not null,
  place smallint not null,
  step text not null default 'queued'::text,
  state text not null default 'queued'::text,
  reason text,
  fingerprint text not null,
  holds_acd boolean not null default false,
  attempted_at timestamp with time zone,
  sent_at timestamp with time zone,
  started_at timestamp with time zone,
  deadline_at timestamp with time zone,
  facts jsonb not null default '{}'::jsonb,
  created_at timestamp with time zone not null default now(),
  touched_at timestamp with time zone not null default now(),
  finished_at timestamp with time zone,
  constraint actp_heals_asked_by_check CHECK ((asked_by = ANY (ARRAY['plane'::text, 'http'::text, 'telegram'::text]))),
  constraint actp_heals_check CHECK (((finished_at IS NULL) = (state = ANY (ARRAY['queued'::text, 'running'::text])))),
  constraint actp_heals_facts_check CHECK ((jsonb_typeof(facts) = 'object'::text)),
  constraint actp_heals_pkey PRIMARY KEY (id),
  constraint actp_heals_request_check CHECK (((char_length(request) >= 1) AND (char_length(request) <= 256))),
  constraint actp_heals_run_id_suite_request_key UNIQUE (run_id, suite, request),
  constraint actp_heals_state_check CHECK ((state = ANY (ARRAY['queued'::text, 'running'::text, 'healed'::text, 'not_healed'::text, 'skipped'::text]))),
  constraint actp_heals_step_check CHECK ((step = ANY (ARRAY['queued'::text, 'prepare'::text, 'start'::text, 'wait'::text, 'verify'::text, 'report'::text]))),
  constraint actp_heals_suite_check CHECK (((char_length(suite) >= 1) AND (char_length(suite) <= 256)))
);
row level security;
CREATE INDEX actp_heals_attempts ON public.actp_heals USING btree (attempted_at DESC) WHERE (attempted_at IS NOT NULL);
CREATE UNIQUE INDEX actp_heals_one ON public.actp_heals USING btree ((true)) WHERE holds_acd;
CREATE INDEX actp_heals_unfinished ON public.actp_heals USING btree (run_id) WHERE (finished_at IS NULL);
CREATE TRIGGER held_heals BEFORE UPDATE ON public.actp_heals FOR EACH ROW WHEN (((new.holds_acd AND (NOT old.holds_acd)) OR ((new.sent_at IS NOT NULL) AND (old.sent_at IS NULL)))) EXECUTE FUNCTION public.refuse_while_held();

table public.actp_kill_switch_commands (
  id uuid not null default gen_random_uuid(),
  kind text not null,
  scope text not null,
  switch_id uuid,
  reason text,
  actor text not null,
  chat_id text not null,
  created_at timestamp with time zone not null default clock_timestamp(),
  done_at timestamp with time zone,
  constraint actp_kill_switch_commands_kind_check CHECK ((kind = ANY (ARRAY['stop'::text, 'lift'::text]))),
  constraint actp_kill_switch_commands_pkey PRIMARY KEY (id),
  constraint actp_kill_switch_commands_switch_id_fkey FOREIGN KEY (switch_id) REFERENCES public.actp_kill_switches(id),
  constraint lift_names_a_switch CHECK (((kind = 'lift'::text) = (switch_id IS NOT NULL)))
);
row level security;
CREATE INDEX actp_kill_switch_commands_age ON public.actp_kill_switch_commands USING btree (created_at);

table public.actp_kill_switches (
  id uuid not null default gen_random_uuid(),
  scope text not null,
  reason text not null,
  set_by text not null,
  set_at timestamp with time zone not null default clock_timestamp(),
  lifted_by text,
  lift_reason text,
  lifted_at timestamp with time zone,
  constraint actp_kill_switches_lift_reason_check CHECK ((char_length(lift_reason) <= 500)),
  constraint actp_kill_switches_pkey PRIMARY KEY (id),
  constraint actp_kill_switches_reason_check CHECK (((char_length(reason) >= 1) AND (char_length(reason) <= 500))),
  constraint actp_kill_switches_scope_check CHECK (((scope = 'all'::text) OR ((scope ~~ 'agent:%'::text) AND ((char_length(scope) >= 7) AND (char_length(scope) <= 134))) OR (scope ~ '^action:[a-z0-9*][a-z0-9*._:/-]{0,127}$'::text))),
  constraint lifted_by_someone CHECK (((lifted_by IS NULL) = (lifted_at IS NULL)))
);
row level security;
CREATE UNIQUE INDEX actp_kill_switches_active ON public.actp_kill_switches USING btree (scope) WHERE (lifted_at IS NULL);
CREATE TRIGGER held_lifts BEFORE UPDATE ON public.actp_kill_switches FOR EACH ROW WHEN (((new.lifted_at IS NOT NULL) AND (old.lifted_at IS NULL))) EXECUTE FUNCTION public.refuse_while_held();
CREATE TRIGGER held_lifts_by_deleting BEFORE DELETE ON public.actp_kill_switches FOR EACH ROW EXECUTE FUNCTION public.refuse_while_held();

table public.actp_leases (
  name text not null,
  holder text not null,
  expires_at timestamp with time zone not null,
  constraint actp_leases_pkey PRIMARY KEY (name)
);
row level security;

table public.actp_ledger (
  id uuid not null default gen_random_uuid(),
  effect_id uuid not null,
  task_id uuid not null,
  user_id uuid not null,
  asset_id text not null,
  quantity numeric not null,
  unit_price_usd numeric not null,
  amount_minor bigint not null,
  currency text not null,
  created_at timestamp with time zone not null default clock_timestamp(),
  constraint actp_ledger_amount_minor_check CHECK ((amount_minor > 0)),
  constraint actp_ledger_currency_check CHECK ((currency ~ '^[a-z]{3}$'::text)),
  constraint actp_ledger_effect_id_fkey FOREIGN KEY (effect_id) REFERENCES public.actp_task_effects(id),
  constraint actp_ledger_effect_id_key UNIQUE (effect_id),
  constraint actp_ledger_pkey PRIMARY KEY (id),
  constraint actp_ledger_quantity_check CHECK ((quantity > (0)::numeric)),
  constraint actp_ledger_unit_price_usd_check CHECK ((unit_price_usd >= (0)::numeric))
);
row level security;
CREATE INDEX actp_ledger_of ON public.actp_ledger USING btree (user_id, created_at DESC);
CREATE TRIGGER held_pays BEFORE INSERT ON public.actp_ledger FOR EACH ROW EXECUTE FUNCTION public.refuse_while_held();

table public.actp_limit_grants (
  id uuid not null,
  agent text not null,
  action text not null,
  approval_id uuid,
  at timestamp with time zone not null,
  keep_until timestamp with time zone not null,
  outcome text,
  before_effect boolean,
  idempotency_key text,
  request_digest text,
  constraint actp_limit_grants_approval_id_fkey FOREIGN KEY (approval_id) REFERENCES public.actp_approval_queue(id),
  constraint actp_limit_grants_idempotency_key_check CHECK ((char_length(idempotency_key) <= 255)),
  constraint actp_limit_grants_outcome_check CHECK ((outcome = ANY (ARRAY['succeeded'::text, 'failed'::text]))),
  constraint actp_limit_grants_pkey PRIMARY KEY (id),
  constraint actp_limit_grants_request_digest_check CHECK ((char_length(request_digest) = 64)),
  constraint before_effect_of_an_outcome CHECK (((outcome IS NULL) = (before_effect IS NULL))),
  constraint digest_of_a_key CHECK (((idempotency_key IS NULL) OR (request_digest IS NOT NULL)))
);
row level security;
CREATE INDEX actp_limit_grants_kept ON public.actp_limit_grants USING btree (keep_until);
CREATE UNIQUE INDEX actp_limit_grants_work ON public.actp_limit_grants USING btree (agent, idempotency_key) WHERE (idempotency_key IS NOT NULL);
CREATE TRIGGER held_grants BEFORE INSERT ON public.actp_limit_grants FOR EACH ROW EXECUTE FUNCTION public.refuse_while_held();

table public.actp_limit_uses (
  grant_id uuid not null,
  counter text not null,
  amount numeric(30,0) not null,
  at timestamp with time zone not null,
  constraint actp_limit_uses_amount_check CHECK ((amount >= (0)::numeric)),
  constraint actp_limit_uses_counter_check CHECK (((char_length(counter) >= 1) AND (char_length(counter) <= 400))),
  constraint actp_limit_uses_grant_id_fkey FOREIGN KEY (grant_id) REFERENCES public.actp_limit_grants(id) ON DELETE CASCADE,
  constraint actp_limit_uses_pkey PRIMARY KEY (grant_id, counter)
);
row level security;
CREATE INDEX actp_limit_uses_sum ON public.actp_limit_uses USING btree (counter, at) INCLUDE (amount);

table public.actp_notifications (
  id uuid not null default gen_random_uuid(),
  dedupe_key text not null,
  kind text not null,
  body text not null,
  state text not null default 'pending'::text,
  message_id bigint,
  attempts integer not null default 0,
  last_error text,
  created_at timestamp with time zone not null default now(),
  sent_at timestamp with time zone,
  revision integer not null default 0,
  sent_revision integer not null default 0,
  constraint actp_notifications_body_check CHECK (((char_length(body) >= 1) AND (char_length(body) <= 16384))),
  constraint actp_notifications_dedupe_key_key UNIQUE (dedupe_key),
  constraint actp_notifications_pkey PRIMARY KEY (id),
  constraint actp_notifications_state_check CHECK ((state = ANY (ARRAY['pending'::text, 'sent'::text, 'logged'::text])))
);
row level security;
CREATE INDEX actp_notifications_due ON public.actp_notifications USING btree (created_at) WHERE (state = 'pending'::text);
CREATE INDEX actp_notifications_revised ON public.actp_notifications USING btree (created_at) WHERE ((state <> 'pending'::text) AND (revision > sent_revision));
CREATE INDEX actp_notifications_self_test ON public.actp_notifications USING btree (created_at DESC) WHERE (kind = ANY (ARRAY['selftest.problem'::text, 'selftest.recovery'::text]));
policy apps_read PERMISSIVE for SELECT to actp_bot using (true) with check ();
grant select to actp_bot;

table public.actp_reviewed_packages (
  project text not null,
  ecosystem text not null,
  name text not null,
  version text not null,
  facts jsonb not null,
  first_seen_at timestamp with time zone not null default clock_timestamp(),
  last_seen_at timestamp with time zone not null default clock_timestamp(),
  constraint actp_reviewed_packages_ecosystem_check CHECK (((char_length(ecosystem) >= 1) AND (char_length(ecosystem) <= 20))),
  constraint actp_reviewed_packages_name_check CHECK (((char_length(name) >= 1) AND (char_length(name) <= 300))),
  constraint actp_reviewed_packages_pkey PRIMARY KEY (project, ecosystem, name, version),
  constraint actp_reviewed_packages_project_check CHECK (((char_length(project) >= 1) AND (char_length(project) <= 100))),
  constraint actp_reviewed_packages_version_check CHECK ((char_length(version) <= 200))
);
row level security;

table public.actp_reviews (
  project text not null,
  source text not null,
  verdict text not null,
  reason text,
  started_at timestamp with time zone not null,
  finished_at timestamp with time zone not null default clock_timestamp(),
  constraint actp_reviews_pkey PRIMARY KEY (project, source),
  constraint actp_reviews_project_check CHECK (((char_length(project) >= 1) AND (char_length(project) <= 100))),
  constraint actp_reviews_reason_check CHECK ((char_length(reason) <= 1000)),
  constraint actp_reviews_source_check CHECK (((char_length(source) >= 1) AND (char_length(source) <= 50))),
  constraint actp_reviews_verdict_check CHECK ((verdict = ANY (ARRAY['clean'::text, 'findings'::text, 'unavailable'::text])))
);
row level security;

table public.actp_schedule_runs (
  schedule text not null,
  due_at timestamp with time zone not null,
  status text not null,
  job_id text,
  started_at timestamp with time zone,
  finished_at timestamp with time zone,
  constraint actp_schedule_runs_pkey PRIMARY KEY (schedule, due_at),
  constraint actp_schedule_runs_status_check CHECK ((status = ANY (ARRAY['started'::text, 'completed'::text, 'failed'::text, 'skipped'::text, 'missed'::text])))
);
row level security;

table public.actp_schedules (
  name text not null,
  pattern text not null,
  tz text not null,
  valid_from timestamp with time zone not null default now(),
  constraint actp_schedules_pkey PRIMARY KEY (name)
);
row level security;

table public.actp_selftest_runs (
  run_id uuid not null,
  trigger text not null,
  job_id text,
  holder text not null,
  step text not null default 'spin_up'::text,
  started_at timestamp with time zone not null default now(),
  lease_until timestamp with time zone not null,
  finished_at timestamp with time zone,
  constraint actp_selftest_runs_pkey PRIMARY KEY (run_id),
  constraint actp_selftest_runs_trigger_check CHECK ((trigger = ANY (ARRAY['startup'::text, 'nightly'::text, 'http'::text, 'telegram'::text])))
);
row level security;
CREATE UNIQUE INDEX actp_selftest_runs_one ON public.actp_selftest_runs USING btree ((true)) WHERE (finished_at IS NULL);
policy apps_read PERMISSIVE for SELECT to actp_bot using (true) with check ();
grant select to actp_bot;

table public.actp_sessions (
  id uuid not null default gen_random_uuid(),
  user_id uuid not null,
  kind text not null,
  role text not null,
  created_at timestamp with time zone not null default clock_timestamp(),
  expires_at timestamp with time zone not null,
  ended_at timestamp with time zone,
  end_reason text,
  ip inet,
  user_agent text,
  constraint actp_sessions_check CHECK ((expires_at <= (created_at + '12:00:00'::interval))),
  constraint actp_sessions_kind_check CHECK ((kind = ANY (ARRAY['api'::text, 'page'::text]))),
  constraint actp_sessions_pkey PRIMARY KEY (id),
  constraint actp_sessions_role_check CHECK ((role = ANY (ARRAY['user'::text, 'operator'::text]))),
  constraint actp_sessions_user_agent_check CHECK ((char_length(user_agent) <= 512)),
  constraint actp_sessions_user_id_fkey FOREIGN KEY (user_id) REFERENCES public.actp_users(id) ON DELETE CASCADE
);
row level security;
CREATE INDEX actp_sessions_newest ON public.actp_sessions USING btree (created_at DESC, id DESC) WHERE (ended_at IS NULL);
CREATE INDEX actp_sessions_user ON public.actp_sessions USING btree (user_id, created_at DESC);

table public.actp_signed_requests (
  webhook_id text not null,
  forget_at timestamp with time zone not null,
  constraint actp_signed_requests_pkey PRIMARY KEY (webhook_id),
  constraint actp_signed_requests_webhook_id_check CHECK (((length(webhook_id) >= 1) AND (length(webhook_id) <= 256)))
);
row level security;
CREATE INDEX actp_signed_requests_forget_at ON public.actp_signed_requests USING btree (forget_at);

table public.actp_spend_reservations (
  id uuid not null,
  user_id uuid not null,
  day date not null,
  agent text not null,
  task_id uuid,
  amount_minor bigint not null,
  state text not null default 'reserved'::text,
  committed_minor bigint,
  created_at timestamp with time zone not null default clock_timestamp(),
  expires_at timestamp with time zone not null,
  ended_at timestamp with time zone,
  constraint actp_spend_reservations_agent_check CHECK (((char_length(agent) >= 1) AND (char_length(agent) <= 128))),
  constraint actp_spend_reservations_amount_minor_check CHECK ((amount_minor >= 0)),
  constraint actp_spend_reservations_check CHECK (((committed_minor >= 0) AND (committed_minor <= amount_minor))),
  constraint actp_spend_reservations_pkey PRIMARY KEY (id),
  constraint actp_spend_reservations_state_check CHECK ((state = ANY (ARRAY['reserved'::text, 'committed'::text, 'released'::text]))),
  constraint actp_spend_reservations_user_id_day_fkey FOREIGN KEY (user_id, day) REFERENCES public.actp_daily_spend(user_id, day),
  constraint committed_says_how_much CHECK (((state = 'committed'::text) = (committed_minor IS NOT NULL))),
  constraint ended_when_over CHECK (((state = 'reserved'::text) = (ended_at IS NULL)))
);
row level security;
CREATE INDEX actp_spend_reservations_of ON public.actp_spend_reservations USING btree (user_id, day);
CREATE INDEX actp_spend_reservations_open ON public.actp_spend_reservations USING btree (expires_at) WHERE (state = 'reserved'::text);
CREATE TRIGGER held_reserves_money BEFORE INSERT ON public.actp_spend_reservations FOR EACH ROW EXECUTE FUNCTION public.refuse_while_held();
CREATE TRIGGER held_spends BEFORE UPDATE ON public.actp_spend_reservations FOR EACH ROW WHEN (((new.state = 'committed'::text) AND (old.state IS DISTINCT FROM new.state))) EXECUTE FUNCTION public.refuse_while_held();

table public.actp_task_effects (
  id uuid not null default gen_random_uuid(),
  task_id uuid not null,
  place integer not null,
  kind text not null,
  action text not null,
  key text not null,
  payload jsonb not null,
  amount_minor bigint not null default 0,
  state text not null default 'reserved'::text,
  approval_id uuid not null,
  grant_id uuid not null,
  attempts integer not null default 0,
  key_kept_seconds integer not null,
  first_attempt_at timestamp with time zone,
  reference text,
  facts jsonb not null default '{}'::jsonb,
  reason text,
  resolved_by text,
  reserved_at timestamp with time zone not null default clock_timestamp(),
  settled_at timestamp with time zone,
  constraint actp_task_effects_amount_minor_check CHECK ((amount_minor >= 0)),
  constraint actp_task_effects_approval_id_fkey FOREIGN KEY (approval_id) REFERENCES public.actp_approval_queue(id),
  constraint actp_task_effects_grant_id_key UNIQUE (grant_id),
  constraint actp_task_effects_key_check CHECK (((char_length(key) >= 16) AND (char_length(key) <= 255))),
  constraint actp_task_effects_key_kept_seconds_check CHECK (((key_kept_seconds >= 0) AND (key_kept_seconds <= 31536000))),
  constraint actp_task_effects_key_key UNIQUE (key),
  constraint actp_task_effects_kind_check CHECK (((char_length(kind) >= 1) AND (char_length(kind) <= 64))),
  constraint actp_task_effects_pkey PRIMARY KEY (id),
  constraint actp_task_effects_place_check CHECK ((place >= 0)),
  constraint actp_task_effects_reason_check CHECK ((char_length(reason) <= 2000)),
  constraint actp_task_effects_reference_check CHECK ((char_length(reference) <= 512)),
  constraint actp_task_effects_state_check CHECK ((state = ANY (ARRAY['reserved'::text, 'done'::text, 'not_done'::text, 'unknown'::text]))),
  constraint actp_task_effects_task_id_fkey FOREIGN KEY (task_id) REFERENCES public.actp_tasks(id),
  constraint actp_task_effects_task_id_place_key UNIQUE (task_id, place),
  constraint settled_when_known CHECK (((settled_at IS NULL) = (state = ANY (ARRAY['reserved'::text, 'unknown'::text]))))
);
row level security;
CREATE TRIGGER held_attempts_effect BEFORE UPDATE ON public.actp_task_effects FOR EACH ROW WHEN (((new.attempts > old.attempts) OR (new.resolved_by IS DISTINCT FROM old.resolved_by))) EXECUTE FUNCTION public.refuse_while_held();
CREATE TRIGGER held_reserves_effect BEFORE INSERT ON public.actp_task_effects FOR EACH ROW EXECUTE FUNCTION public.refuse_while_held();

table public.actp_task_steps (
  task_id uuid not null,
  version integer not null,
  name text not null,
  status text not null,
  facts jsonb not null default '{}'::jsonb,
  at timestamp with time zone not null default clock_timestamp(),
  constraint actp_task_steps_name_check CHECK (((char_length(name) >= 1) AND (char_length(name) <= 64))),
  constraint actp_task_steps_pkey PRIMARY KEY (task_id, version),
  constraint actp_task_steps_task_id_fkey FOREIGN KEY (task_id) REFERENCES public.actp_tasks(id)
);
row level security;

table public.actp_tasks (
  id uuid not null default gen_random_uuid(),
  user_id uuid not null,
  prompt text not null,
  status text not null default 'queued'::text,
  agent text,
  plan jsonb,
  result jsonb,
  error text,
  error_code text,
  max_spend_minor bigint not null,
  cost_minor bigint,
  approval_id uuid,
  holder text,
  held_until timestamp with time zone,
  due_at timestamp with time zone not null default clock_timestamp(),
  claims integer not null default 0,
  ip_address inet,
  user_agent text,
  request_id text,
  idempotency_key text,
  request_digest text,
  version integer not null default 1,
  created_at timestamp with time zone not null default clock_timestamp(),
  updated_at timestamp with time zone not null default clock_timestamp(),
  ended_at timestamp with time zone,
  constraint actp_tasks_agent_check CHECK (((char_length(agent) >= 1) AND (char_length(agent) <= 128))),
  constraint actp_tasks_approval_id_fkey FOREIGN KEY (approval_id) REFERENCES public.actp_approval_queue(id),
  constraint actp_tasks_cost_minor_check CHECK ((cost_minor >= 0)),
  constraint actp_tasks_error_check CHECK ((char_length(error) <= 2000)),
  constraint actp_tasks_error_code_check CHECK ((char_length(error_code) <= 64)),
  constraint actp_tasks_max_spend_minor_check CHECK ((max_spend_minor >= 0)),
  constraint actp_tasks_pkey PRIMARY KEY (id),
  constraint actp_tasks_prompt_check CHECK (((char_length(prompt) >= 1) AND (char_length(prompt) <= 20000))),
  constraint actp_tasks_status_check CHECK ((status = ANY (ARRAY['queued'::text, 'running'::text, 'awaiting_approval'::text, 'succeeded'::text, 'failed'::text, 'rejected'::text, 'cancelled'::text]))),
  constraint ended_when_over CHECK (((ended_at IS NOT NULL) = (status = ANY (ARRAY['succeeded'::text, 'failed'::text, 'rejected'::text, 'cancelled'::text])))),
  constraint held_by_somebody CHECK (((holder IS NULL) = (held_until IS NULL)))
);
row level security;
CREATE INDEX actp_tasks_approval ON public.actp_tasks USING btree (approval_id) WHERE (approval_id IS NOT NULL);
CREATE INDEX actp_tasks_due ON public.actp_tasks USING btree (due_at) WHERE (ended_at IS NULL);
CREATE INDEX actp_tasks_ended ON public.actp_tasks USING btree (ended_at) WHERE (ended_at IS NOT NULL);
CREATE INDEX actp_tasks_held ON public.actp_tasks USING btree (user_id) WHERE (holder IS NOT NULL);
CREATE UNIQUE INDEX actp_tasks_idempotency ON public.actp_tasks USING btree (user_id, idempotency_key) WHERE (idempotency_key IS NOT NULL);
CREATE INDEX actp_tasks_of ON public.actp_tasks USING btree (user_id, created_at DESC, id DESC);
CREATE INDEX actp_tasks_queued ON public.actp_tasks USING btree (user_id, created_at) WHERE (status = 'queued'::text);

table public.actp_telegram_codes (
  code_hash bytea not null,
  user_id uuid not null,
  created_at timestamp with time zone not null default clock_timestamp(),
  expires_at timestamp with time zone not null,
  used_at timestamp with time zone,
  constraint actp_telegram_codes_code_hash_check CHECK ((octet_length(code_hash) = 32)),
  constraint actp_telegram_codes_pkey PRIMARY KEY (code_hash),
  constraint actp_telegram_codes_user_id_fkey FOREIGN KEY (user_id) REFERENCES public.actp_users(id) ON DELETE CASCADE
);
row level security;
CREATE INDEX actp_telegram_codes_user ON public.actp_telegram_codes USING btree (user_id, created_at);

table public.actp_telegram_greetings (
  chat_id text not null,
  greeted_at timestamp with time zone not null default clock_timestamp(),
  constraint actp_telegram_greetings_chat_id_check CHECK ((char_length(chat_id) <= 32)),
  constraint actp_telegram_greetings_pkey PRIMARY KEY (chat_id)
);
row level security;

table public.actp_telegram_link_failures (
  telegram_id bigint not null,
  failed_at timestamp with time zone not null default clock_timestamp()
);
row level security;
CREATE INDEX actp_telegram_link_failures_id ON public.actp_telegram_link_failures USING btree (telegram_id, failed_at);

table public.actp_telegram_links (
  telegram_id bigint not null,
  id bigint not null generated as identity,
  user_id uuid,
  linked_at timestamp with time zone not null default clock_timestamp(),
  unlinked_at timestamp with time zone,
  constraint actp_telegram_links_pkey PRIMARY KEY (id),
  constraint actp_telegram_links_user_id_fkey FOREIGN KEY (user_id) REFERENCES public.actp_users(id) ON DELETE SET NULL
);
row level security;
CREATE UNIQUE INDEX actp_telegram_links_id ON public.actp_telegram_links USING btree (telegram_id) WHERE (unlinked_at IS NULL);
CREATE INDEX actp_telegram_links_latest ON public.actp_telegram_links USING btree (telegram_id, id DESC);
CREATE UNIQUE INDEX actp_telegram_links_user ON public.actp_telegram_links USING btree (user_id) WHERE (unlinked_at IS NULL);
CREATE TRIGGER held_links BEFORE INSERT ON public.actp_telegram_links FOR EACH ROW EXECUTE FUNCTION public.refuse_while_held();

table public.actp_telegram_moves (
  chat_id text not null,
  moved_to text not null,
  moved_at timestamp with time zone not null default clock_timestamp(),
  constraint actp_telegram_moves_chat_id_check CHECK ((char_length(chat_id) <= 32)),
  constraint actp_telegram_moves_check CHECK (((moved_to <> chat_id) AND (char_length(moved_to) <= 32))),
  constraint actp_telegram_moves_pkey PRIMARY KEY (chat_id)
);
row level security;
policy apps_read PERMISSIVE for SELECT to actp_bot using (true) with check ();
grant select to actp_bot;

table public.actp_telegram_people (
  telegram_id bigint not null,
  name text not null,
  seen_at timestamp with time zone not null default clock_timestamp(),
  constraint actp_telegram_people_name_check CHECK (((char_length(name) >= 1) AND (char_length(name) <= 64))),
  constraint actp_telegram_people_pkey PRIMARY KEY (telegram_id)
);
row level security;

table public.actp_telegram_polling (
  singleton boolean not null default true,
  polled_at timestamp with time zone not null,
  constraint actp_telegram_polling_pkey PRIMARY KEY (singleton),
  constraint actp_telegram_polling_singleton_check CHECK (singleton)
);
row level security;

table public.actp_telegram_refusals (
  chat_id text not null,
  what text not null,
  reason text not null,
  since timestamp with time zone not null default clock_timestamp(),
  tried_at timestamp with time zone not null default clock_timestamp(),
  constraint actp_telegram_refusals_chat_id_check CHECK ((char_length(chat_id) <= 32)),
  constraint actp_telegram_refusals_pkey PRIMARY KEY (chat_id, what),
  constraint actp_telegram_refusals_what_check CHECK ((what = ANY (ARRAY['edit'::text, 'text'::text, 'buttons'::text, 'token'::text])))
);
row level security;
policy apps_read PERMISSIVE for SELECT to actp_gateway using (true) with check ();
grant select to actp_gateway;

table public.actp_telegram_updates (
  update_id bigint not null,
  seen_at timestamp with time zone not null default clock_timestamp(),
  constraint actp_telegram_updates_pkey PRIMARY KEY (update_id)
);
row level security;

table public.actp_users (
  id uuid not null default gen_random_uuid(),
  email text not null,
  password_hash text,
  role text not null default 'user'::text,
  created_at timestamp with time zone not null default now(),
  name text,
  disabled_at timestamp with time zone,
  configured_hash text,
  invite_hash bytea,
  invite_expires_at timestamp with time zone,
  constraint actp_users_email_check CHECK (((char_length(email) >= 3) AND (char_length(email) <= 320))),
  constraint actp_users_invite CHECK (((invite_hash IS NULL) = (invite_expires_at IS NULL))),
  constraint actp_users_invite_hash_check CHECK ((octet_length(invite_hash) = 32)),
  constraint actp_users_invite_hash_key UNIQUE (invite_hash),
  constraint actp_users_name_check CHECK (((char_length(name) >= 1) AND (char_length(name) <= 120))),
  constraint actp_users_pkey PRIMARY KEY (id),
  constraint actp_users_role_check CHECK ((role = ANY (ARRAY['user'::text, 'operator'::text])))
);
row level security;
CREATE UNIQUE INDEX actp_users_email ON public.actp_users USING btree (lower(email));
CREATE TRIGGER actp_users_end_sessions AFTER UPDATE OF password_hash, role, disabled_at, email ON public.actp_users FOR EACH ROW WHEN (((old.password_hash IS DISTINCT FROM new.password_hash) OR (old.role IS DISTINCT FROM new.role) OR (old.disabled_at IS DISTINCT FROM new.disabled_at) OR (old.email IS DISTINCT FROM new.email))) EXECUTE FUNCTION public.end_sessions_of_user();
CREATE TRIGGER held_gives_rights BEFORE UPDATE ON public.actp_users FOR EACH ROW WHEN ((((new.password_hash IS DISTINCT FROM old.password_hash) AND (NOT (new.configured_hash IS DISTINCT FROM old.configured_hash))) OR ((new.invite_hash IS NOT NULL) AND (new.invite_hash IS DISTINCT FROM old.invite_hash)) OR ((new.role = 'operator'::text) AND (old.role <> 'operator'::text)) OR ((new.disabled_at IS NULL) AND (old.disabled_at IS NOT NULL)))) EXECUTE FUNCTION public.refuse_while_held();
CREATE TRIGGER held_makes_users BEFORE INSERT ON public.actp_users FOR EACH ROW WHEN ((new.configured_hash IS NULL)) EXECUTE FUNCTION public.refuse_while_held();

aggregate actp_audit.chain(bytea, text) (sfunc = actp_audit.link_next, stype = bytea);
