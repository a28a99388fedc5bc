
export type Json = string | number | boolean | null | { [key: string]: Json | undefined } | Json[]

export type Database = {
  
  "public": {
          Tables: {
            "actp_agent_audit_log": {
                  Row: {
                    "action_type": string,"agent_id": string,"approval_id": string | null,"chain_lane": number,"chain_seq": number,"completed_at": string | null,"created_at": string,"error": string | null,"event_id": string,"hash": string,"id": number,"ip_address": unknown,"prev_hash": string,"request_id": string | null,"result": Json | null,"source": string | null,"started_at": string | null,"status": string,"task_id": string | null,"user_agent": string | null
                  }
                  ComputedFields: never
                  Insert: {
                    "action_type": string,"agent_id": string,"approval_id"?: string | null,"chain_lane": number,"chain_seq": number,"completed_at"?: string | null,"created_at"?: string,"error"?: string | null,"event_id"?: string,"hash": string,"id"?: number,"ip_address"?: unknown,"prev_hash": string,"request_id"?: string | null,"result"?: Json | null,"source"?: string | null,"started_at"?: string | null,"status": string,"task_id"?: string | null,"user_agent"?: string | null
                  }
                  Update: {
                    "action_type"?: string,"agent_id"?: string,"approval_id"?: string | null,"chain_lane"?: number,"chain_seq"?: number,"completed_at"?: string | null,"created_at"?: string,"error"?: string | null,"event_id"?: string,"hash"?: string,"id"?: number,"ip_address"?: unknown,"prev_hash"?: string,"request_id"?: string | null,"result"?: Json | null,"source"?: string | null,"started_at"?: string | null,"status"?: string,"task_id"?: string | null,"user_agent"?: string | null
                  }
                  Relationships: [
                    
                  ]
                },"actp_agent_health_snapshots": {
                  Row: {
                    "created_at": string,"duration_ms": number,"failures": NonNullable<Json>,"flaky": NonNullable<Json>,"heal": Json | null,"id": string,"run_id": string,"services": NonNullable<Json>,"services_total": number,"services_up": number,"status": string,"suites": NonNullable<Json>,"tests_failed": number,"tests_passed": number,"tests_total": number,"trigger": string
                  }
                  ComputedFields: never
                  Insert: {
                    "created_at"?: string,"duration_ms"?: number,"failures"?: NonNullable<Json>,"flaky"?: NonNullable<Json>,"heal"?: Json | null,"id"?: string,"run_id": string,"services"?: NonNullable<Json>,"services_total"?: number,"services_up"?: number,"status": string,"suites"?: NonNullable<Json>,"tests_failed"?: number,"tests_passed"?: number,"tests_total"?: number,"trigger": string
                  }
                  Update: {
                    "created_at"?: string,"duration_ms"?: number,"failures"?: NonNullable<Json>,"flaky"?: NonNullable<Json>,"heal"?: Json | null,"id"?: string,"run_id"?: string,"services"?: NonNullable<Json>,"services_total"?: number,"services_up"?: number,"status"?: string,"suites"?: NonNullable<Json>,"tests_failed"?: number,"tests_passed"?: number,"tests_total"?: number,"trigger"?: string
                  }
                  Relationships: [
                    
                  ]
                },"actp_approval_callbacks": {
                  Row: {
                    "approval_id": string,"at": string,"attempts": number,"finished_at": string | null,"last_error": string | null,"next_attempt_at": string,"state": string,"type": string,"version": number
                  }
                  ComputedFields: never
                  Insert: {
                    "approval_id": string,"at": string,"attempts"?: number,"finished_at"?: string | null,"last_error"?: string | null,"next_attempt_at"?: string,"state"?: string,"type": string,"version": number
                  }
                  Update: {
                    "approval_id"?: string,"at"?: string,"attempts"?: number,"finished_at"?: string | null,"last_error"?: string | null,"next_attempt_at"?: string,"state"?: string,"type"?: string,"version"?: number
                  }
                  Relationships: [
                    {
      foreignKeyName: "actp_approval_callbacks_approval_id_fkey"
      columns: ["approval_id"]
isOneToOne: false
      referencedRelation: "actp_approval_queue"
      referencedColumns: ["id"]
    }
                  ]
                },"actp_approval_cards": {
                  Row: {
                    "approval_id": string,"chat_id": string,"message_id": number,"reminders": number,"sent_at": string,"shown_version": number,"wanted_version": number
                  }
                  ComputedFields: never
                  Insert: {
                    "approval_id": string,"chat_id": string,"message_id": number,"reminders"?: number,"sent_at"?: string,"shown_version": number,"wanted_version"?: number
                  }
                  Update: {
                    "approval_id"?: string,"chat_id"?: string,"message_id"?: number,"reminders"?: number,"sent_at"?: string,"shown_version"?: number,"wanted_version"?: number
                  }
                  Relationships: [
                    {
      foreignKeyName: "actp_approval_cards_approval_id_fkey"
      columns: ["approval_id"]
isOneToOne: true
      referencedRelation: "actp_approval_queue"
      referencedColumns: ["id"]
    }
                  ]
                },"actp_approval_events": {
                  Row: {
                    "approval_id": string,"at": string,"type": string,"version": number
                  }
                  ComputedFields: never
                  Insert: {
                    "approval_id": string,"at"?: string,"type": string,"version": number
                  }
                  Update: {
                    "approval_id"?: string,"at"?: string,"type"?: string,"version"?: number
                  }
                  Relationships: [
                    {
      foreignKeyName: "actp_approval_events_approval_id_fkey"
      columns: ["approval_id"]
isOneToOne: false
      referencedRelation: "actp_approval_queue"
      referencedColumns: ["id"]
    }
                  ]
                },"actp_approval_first_presses": {
                  Row: {
                    "actor": string,"approval_id": string,"pressed_at": string
                  }
                  ComputedFields: never
                  Insert: {
                    "actor": string,"approval_id": string,"pressed_at": string
                  }
                  Update: {
                    "actor"?: string,"approval_id"?: string,"pressed_at"?: string
                  }
                  Relationships: [
                    {
      foreignKeyName: "actp_approval_first_presses_approval_id_fkey"
      columns: ["approval_id"]
isOneToOne: false
      referencedRelation: "actp_approval_queue"
      referencedColumns: ["id"]
    }
                  ]
                },"actp_approval_queue": {
                  Row: {
                    "action": string,"action_digest": string | null,"approvers": number,"asked_by": string | null,"callback_url": string | null,"chat_id": string | null,"cost_usd": number | null,"created_at": string,"critical": boolean,"decided_at": string | null,"decided_by": string | null,"decision_reason": string | null,"details": NonNullable<Json>,"expires_at": string,"grant_id": string | null,"grant_seconds": number,"id": string,"idempotency_key": string | null,"idempotency_scope": string | null,"lapsed_at": string | null,"outcome": string | null,"outcome_at": string | null,"outcome_before_effect": boolean,"outcome_result": Json | null,"payload_digest": string | null,"policy_version": string | null,"reason": string | null,"redeemed_at": string | null,"redeemed_by": string | null,"request_digest": string | null,"requested_by": string,"source": string | null,"status": string,"version": number,"approval_asker": string | null,"approval_block": Json | null,"approval_json": Json | null,"expire_locked_approval": {
              "action": string,
"action_digest": string | null,
"approvers": number,
"asked_by": string | null,
"callback_url": string | null,
"chat_id": string | null,
"cost_usd": number | null,
"created_at": string,
"critical": boolean,
"decided_at": string | null,
"decided_by": string | null,
"decision_reason": string | null,
"details": NonNullable<Json>,
"expires_at": string,
"grant_id": string | null,
"grant_seconds": number,
"id": string,
"idempotency_key": string | null,
"idempotency_scope": string | null,
"lapsed_at": string | null,
"outcome": string | null,
"outcome_at": string | null,
"outcome_before_effect": boolean,
"outcome_result": Json | null,
"payload_digest": string | null,
"policy_version": string | null,
"reason": string | null,
"redeemed_at": string | null,
"redeemed_by": string | null,
"request_digest": string | null,
"requested_by": string,
"source": string | null,
"status": string,
"version": number
            } | null,"release_work":
{ Args: { "p_grant_id": string }; Returns: undefined
                           },
"reminders_due": number | null
                  }
                  ComputedFields: "approval_asker" | "approval_block" | "approval_json" | "expire_locked_approval" | "reminders_due"
                  Insert: {
                    "action": string,"action_digest"?: string | null,"approvers"?: number,"asked_by"?: string | null,"callback_url"?: string | null,"chat_id"?: string | null,"cost_usd"?: number | null,"created_at"?: string,"critical"?: boolean,"decided_at"?: string | null,"decided_by"?: string | null,"decision_reason"?: string | null,"details"?: NonNullable<Json>,"expires_at"?: string,"grant_id"?: string | null,"grant_seconds"?: number,"id"?: string,"idempotency_key"?: string | null,"idempotency_scope"?: string | null,"lapsed_at"?: string | null,"outcome"?: string | null,"outcome_at"?: string | null,"outcome_before_effect"?: boolean,"outcome_result"?: Json | null,"payload_digest"?: string | null,"policy_version"?: string | null,"reason"?: string | null,"redeemed_at"?: string | null,"redeemed_by"?: string | null,"request_digest"?: string | null,"requested_by": string,"source"?: string | null,"status"?: string,"version"?: number
                  }
                  Update: {
                    "action"?: string,"action_digest"?: string | null,"approvers"?: number,"asked_by"?: string | null,"callback_url"?: string | null,"chat_id"?: string | null,"cost_usd"?: number | null,"created_at"?: string,"critical"?: boolean,"decided_at"?: string | null,"decided_by"?: string | null,"decision_reason"?: string | null,"details"?: NonNullable<Json>,"expires_at"?: string,"grant_id"?: string | null,"grant_seconds"?: number,"id"?: string,"idempotency_key"?: string | null,"idempotency_scope"?: string | null,"lapsed_at"?: string | null,"outcome"?: string | null,"outcome_at"?: string | null,"outcome_before_effect"?: boolean,"outcome_result"?: Json | null,"payload_digest"?: string | null,"policy_version"?: string | null,"reason"?: string | null,"redeemed_at"?: string | null,"redeemed_by"?: string | null,"request_digest"?: string | null,"requested_by"?: string,"source"?: string | null,"status"?: string,"version"?: number
                  }
                  Relationships: [
                    
                  ]
                },"actp_approval_votes": {
                  Row: {
                    "actor": string,"approval_id": string,"person": string,"voted_at": string
                  }
                  ComputedFields: never
                  Insert: {
                    "actor": string,"approval_id": string,"person": string,"voted_at"?: string
                  }
                  Update: {
                    "actor"?: string,"approval_id"?: string,"person"?: string,"voted_at"?: string
                  }
                  Relationships: [
                    {
      foreignKeyName: "actp_approval_votes_approval_id_fkey"
      columns: ["approval_id"]
isOneToOne: false
      referencedRelation: "actp_approval_queue"
      referencedColumns: ["id"]
    }
                  ]
                },"actp_daily_spend": {
                  Row: {
                    "day": string,"reserved_minor": number,"spent_minor": number,"user_id": string
                  }
                  ComputedFields: never
                  Insert: {
                    "day": string,"reserved_minor"?: number,"spent_minor"?: number,"user_id": string
                  }
                  Update: {
                    "day"?: string,"reserved_minor"?: number,"spent_minor"?: number,"user_id"?: string
                  }
                  Relationships: [
                    
                  ]
                },"actp_heals": {
                  Row: {
                    "asked_by": string,"attempted_at": string | null,"created_at": string,"deadline_at": string | null,"facts": NonNullable<Json>,"fingerprint": string,"finished_at": string | null,"holds_acd": boolean,"id": string,"place": number,"reason": string | null,"request": string,"run_id": string,"sent_at": string | null,"started_at": string | null,"state": string,"step": string,"suite": string,"touched_at": string,"heal_json": Json | null
                  }
                  ComputedFields: "heal_json"
                  Insert: {
                    "asked_by": string,"attempted_at"?: string | null,"created_at"?: string,"deadline_at"?: string | null,"facts"?: NonNullable<Json>,"fingerprint": string,"finished_at"?: string | null,"holds_acd"?: boolean,"id"?: string,"place": number,"reason"?: string | null,"request": string,"run_id": string,"sent_at"?: string | null,"started_at"?: string | null,"state"?: string,"step"?: string,"suite": string,"touched_at"?: string
                  }
                  Update: {
                    "asked_by"?: string,"attempted_at"?: string | null,"created_at"?: string,"deadline_at"?: string | null,"facts"?: NonNullable<Json>,"fingerprint"?: string,"finished_at"?: string | null,"holds_acd"?: boolean,"id"?: string,"place"?: number,"reason"?: string | null,"request"?: string,"run_id"?: string,"sent_at"?: string | null,"started_at"?: string | null,"state"?: string,"step"?: string,"suite"?: string,"touched_at"?: string
                  }
                  Relationships: [
                    
                  ]
                },"actp_kill_switch_commands": {
                  Row: {
                    "actor": string,"chat_id": string,"created_at": string,"done_at": string | null,"id": string,"kind": string,"reason": string | null,"scope": string,"switch_id": string | null
                  }
                  ComputedFields: never
                  Insert: {
                    "actor": string,"chat_id": string,"created_at"?: string,"done_at"?: string | null,"id"?: string,"kind": string,"reason"?: string | null,"scope": string,"switch_id"?: string | null
                  }
                  Update: {
                    "actor"?: string,"chat_id"?: string,"created_at"?: string,"done_at"?: string | null,"id"?: string,"kind"?: string,"reason"?: string | null,"scope"?: string,"switch_id"?: string | null
                  }
                  Relationships: [
                    {
      foreignKeyName: "actp_kill_switch_commands_switch_id_fkey"
      columns: ["switch_id"]
isOneToOne: false
      referencedRelation: "actp_kill_switches"
      referencedColumns: ["id"]
    }
                  ]
                },"actp_kill_switches": {
                  Row: {
                    "id": string,"lift_reason": string | null,"lifted_at": string | null,"lifted_by": string | null,"reason": string,"scope": string,"set_at": string,"set_by": string,"kill_switch_json": Json | null
                  }
                  ComputedFields: "kill_switch_json"
                  Insert: {
                    "id"?: string,"lift_reason"?: string | null,"lifted_at"?: string | null,"lifted_by"?: string | null,"reason": string,"scope": string,"set_at"?: string,"set_by": string
                  }
                  Update: {
                    "id"?: string,"lift_reason"?: string | null,"lifted_at"?: string | null,"lifted_by"?: string | null,"reason"?: string,"scope"?: string,"set_at"?: string,"set_by"?: string
                  }
                  Relationships: [
                    
                  ]
                },"actp_leases": {
                  Row: {
                    "expires_at": string,"holder": string,"name": string
                  }
                  ComputedFields: never
                  Insert: {
                    "expires_at": string,"holder": string,"name": string
                  }
                  Update: {
                    "expires_at"?: string,"holder"?: string,"name"?: string
                  }
                  Relationships: [
                    
                  ]
                },"actp_limit_grants": {
                  Row: {
                    "action": string,"agent": string,"approval_id": string | null,"at": string,"before_effect": boolean | null,"id": string,"idempotency_key": string | null,"keep_until": string,"outcome": string | null,"request_digest": string | null
                  }
                  ComputedFields: never
                  Insert: {
                    "action": string,"agent": string,"approval_id"?: string | null,"at": string,"before_effect"?: boolean | null,"id": string,"idempotency_key"?: string | null,"keep_until": string,"outcome"?: string | null,"request_digest"?: string | null
                  }
                  Update: {
                    "action"?: string,"agent"?: string,"approval_id"?: string | null,"at"?: string,"before_effect"?: boolean | null,"id"?: string,"idempotency_key"?: string | null,"keep_until"?: string,"outcome"?: string | null,"request_digest"?: string | null
                  }
                  Relationships: [
                    {
      foreignKeyName: "actp_limit_grants_approval_id_fkey"
      columns: ["approval_id"]
isOneToOne: false
      referencedRelation: "actp_approval_queue"
      referencedColumns: ["id"]
    }
                  ]
                },"actp_limit_uses": {
                  Row: {
                    "amount": number,"at": string,"counter": string,"grant_id": string
                  }
                  ComputedFields: never
                  Insert: {
                    "amount": number,"at": string,"counter": string,"grant_id": string
                  }
                  Update: {
                    "amount"?: number,"at"?: string,"counter"?: string,"grant_id"?: string
                  }
                  Relationships: [
                    {
      foreignKeyName: "actp_limit_uses_grant_id_fkey"
      columns: ["grant_id"]
isOneToOne: false
      referencedRelation: "actp_limit_grants"
      referencedColumns: ["id"]
    }
                  ]
                },"actp_notifications": {
                  Row: {
                    "attempts": number,"body": string,"created_at": string,"dedupe_key": string,"id": string,"kind": string,"last_error": string | null,"message_id": number | null,"revision": number,"sent_at": string | null,"sent_revision": number,"state": string
                  }
                  ComputedFields: never
                  Insert: {
                    "attempts"?: number,"body": string,"created_at"?: string,"dedupe_key": string,"id"?: string,"kind": string,"last_error"?: string | null,"message_id"?: number | null,"revision"?: number,"sent_at"?: string | null,"sent_revision"?: number,"state"?: string
                  }
                  Update: {
                    "attempts"?: number,"body"?: string,"created_at"?: string,"dedupe_key"?: string,"id"?: string,"kind"?: string,"last_error"?: string | null,"message_id"?: number | null,"revision"?: number,"sent_at"?: string | null,"sent_revision"?: number,"state"?: string
                  }
                  Relationships: [
                    
                  ]
                },"actp_schedule_runs": {
                  Row: {
                    "due_at": string,"finished_at": string | null,"job_id": string | null,"schedule": string,"started_at": string | null,"status": string
                  }
                  ComputedFields: never
                  Insert: {
                    "due_at": string,"finished_at"?: string | null,"job_id"?: string | null,"schedule": string,"started_at"?: string | null,"status": string
                  }
                  Update: {
                    "due_at"?: string,"finished_at"?: string | null,"job_id"?: string | null,"schedule"?: string,"started_at"?: string | null,"status"?: string
                  }
                  Relationships: [
                    
                  ]
                },"actp_schedules": {
                  Row: {
                    "name": string,"pattern": string,"tz": string,"valid_from": string
                  }
                  ComputedFields: never
                  Insert: {
                    "name": string,"pattern": string,"tz": string,"valid_from"?: string
                  }
                  Update: {
                    "name"?: string,"pattern"?: string,"tz"?: string,"valid_from"?: string
                  }
                  Relationships: [
                    
                  ]
                },"actp_selftest_runs": {
                  Row: {
                    "finished_at": string | null,"holder": string,"job_id": string | null,"lease_until": string,"run_id": string,"started_at": string,"step": string,"trigger": string
                  }
                  ComputedFields: never
                  Insert: {
                    "finished_at"?: string | null,"holder": string,"job_id"?: string | null,"lease_until": string,"run_id": string,"started_at"?: string,"step"?: string,"trigger": string
                  }
                  Update: {
                    "finished_at"?: string | null,"holder"?: string,"job_id"?: string | null,"lease_until"?: string,"run_id"?: string,"started_at"?: string,"step"?: string,"trigger"?: string
                  }
                  Relationships: [
                    
                  ]
                },"actp_signed_requests": {
                  Row: {
                    "forget_at": string,"webhook_id": string
                  }
                  ComputedFields: never
                  Insert: {
                    "forget_at": string,"webhook_id": string
                  }
                  Update: {
                    "forget_at"?: string,"webhook_id"?: string
                  }
                  Relationships: [
                    
                  ]
                },"actp_spend_reservations": {
                  Row: {
                    "agent": string,"amount_minor": number,"committed_minor": number | null,"created_at": string,"day": string,"ended_at": string | null,"expires_at": string,"id": string,"state": string,"task_id": string | null,"user_id": string,"spend_json": Json | null
                  }
                  ComputedFields: "spend_json"
                  Insert: {
                    "agent": string,"amount_minor": number,"committed_minor"?: number | null,"created_at"?: string,"day": string,"ended_at"?: string | null,"expires_at": string,"id": string,"state"?: string,"task_id"?: string | null,"user_id": string
                  }
                  Update: {
                    "agent"?: string,"amount_minor"?: number,"committed_minor"?: number | null,"created_at"?: string,"day"?: string,"ended_at"?: string | null,"expires_at"?: string,"id"?: string,"state"?: string,"task_id"?: string | null,"user_id"?: string
                  }
                  Relationships: [
                    {
      foreignKeyName: "actp_spend_reservations_user_id_day_fkey"
      columns: ["user_id","day"]
isOneToOne: false
      referencedRelation: "actp_daily_spend"
      referencedColumns: ["user_id","day"]
    }
                  ]
                },"actp_telegram_moves": {
                  Row: {
                    "chat_id": string,"moved_at": string,"moved_to": string
                  }
                  ComputedFields: never
                  Insert: {
                    "chat_id": string,"moved_at"?: string,"moved_to": string
                  }
                  Update: {
                    "chat_id"?: string,"moved_at"?: string,"moved_to"?: string
                  }
                  Relationships: [
                    
                  ]
                },"actp_telegram_polling": {
                  Row: {
                    "polled_at": string,"singleton": boolean
                  }
                  ComputedFields: never
                  Insert: {
                    "polled_at": string,"singleton"?: boolean
                  }
                  Update: {
                    "polled_at"?: string,"singleton"?: boolean
                  }
                  Relationships: [
                    
                  ]
                },"actp_telegram_refusals": {
                  Row: {
                    "chat_id": string,"reason": string,"since": string,"tried_at": string,"what": string
                  }
                  ComputedFields: never
                  Insert: {
                    "chat_id": string,"reason": string,"since"?: string,"tried_at"?: string,"what": string
                  }
                  Update: {
                    "chat_id"?: string,"reason"?: string,"since"?: string,"tried_at"?: string,"what"?: string
                  }
                  Relationships: [
                    
                  ]
                },"actp_telegram_updates": {
                  Row: {
                    "seen_at": string,"update_id": number
                  }
                  ComputedFields: never
                  Insert: {
                    "seen_at"?: string,"update_id": number
                  }
                  Update: {
                    "seen_at"?: string,"update_id"?: number
                  }
                  Relationships: [
                    
                  ]
                },"actp_users": {
                  Row: {
                    "configured_hash": string | null,"created_at": string,"disabled_at": string | null,"email": string,"id": string,"invite_expires_at": string | null,"invite_hash": string | null,"name": string | null,"password_hash": string | null,"role": string
                  }
                  ComputedFields: never
                  Insert: {
                    "configured_hash"?: string | null,"created_at"?: string,"disabled_at"?: string | null,"email": string,"id"?: string,"invite_expires_at"?: string | null,"invite_hash"?: string | null,"name"?: string | null,"password_hash"?: string | null,"role"?: string
                  }
                  Update: {
                    "configured_hash"?: string | null,"created_at"?: string,"disabled_at"?: string | null,"email"?: string,"id"?: string,"invite_expires_at"?: string | null,"invite_hash"?: string | null,"name"?: string | null,"password_hash"?: string | null,"role"?: string
                  }
                  Relationships: [
                    
                  ]
                }
          }
          Views: {
            [_ in never]: never
          }
          Functions: {
"accept_invite":
{ Args: { "p_code_hash": string,"p_context": Json,"p_password_hash": string }; Returns: Json
                           },
"accept_restored_plane":
{ Args: { "p_actor": string,"p_context": Json,"p_dry_run": boolean,"p_new_signing_key": boolean }; Returns: Json
                           },
            "acquire_lease":
{ Args: { "p_holder": string,"p_name": string,"p_seconds": number }; Returns: boolean
                           },
"acknowledge_audit_damage":
{ Args: { "p_actor": string,"p_context": Json,"p_damage": Json,"p_outside": Json,"p_reason": string,"p_stored": Json }; Returns: Json
                           },
"active_kill_switches":
{ Args: Record<PropertyKey, never>; Returns: Json
                           },
"actp_kill_switch_blocks":
{ Args: { "p_action": string,"p_agent": string }; Returns: Json
                           },
"add_task_step":
{ Args: { "p_facts": Json,"p_holder": string,"p_id": string,"p_name": string,"p_tool": boolean }; Returns: boolean
                           },
"adopt_approval":
{ Args: { "p_action_digest": string,"p_approvers": number,"p_critical": boolean,"p_grant_seconds": number,"p_id": string,"p_payload_digest": string,"p_policy_version": string,"p_ttl_seconds": number }; Returns: boolean
                           },
"advance_anchor":
{ Args: { "p_epoch": number,"p_total": number }; Returns: Json
                           },
"agent_keys":
{ Args: { "p_version": string }; Returns: Json
                           },
"apply_accepted_findings":
{ Args: { "p_accepted": Json }; Returns: Json
                           },
"approval_asker":
{ Args: { "a": Omit<Database["public"]['Tables']["actp_approval_queue"]['Row'], Database["public"]['Tables']["actp_approval_queue"]['ComputedFields']> }; Returns: string
                           },
"approval_block":
{ Args: { "a": Omit<Database["public"]['Tables']["actp_approval_queue"]['Row'], Database["public"]['Tables']["actp_approval_queue"]['ComputedFields']> }; Returns: Json
                           },
"approval_events":
{ Args: { "p_after_version": number,"p_id": string }; Returns: Json
                           },
"approval_json":
{ Args: { "a": Omit<Database["public"]['Tables']["actp_approval_queue"]['Row'], Database["public"]['Tables']["actp_approval_queue"]['ComputedFields']> }; Returns: Json
                           },
"approval_versions":
{ Args: { "p_ids": (string)[] }; Returns: Json
                           },
"asked_for_itself":
{ Args: { "a": Omit<Database["public"]['Tables']["actp_approval_queue"]['Row'], Database["public"]['Tables']["actp_approval_queue"]['ComputedFields']>,"p_actor": string }; Returns: boolean
                           },
"assert_heal_lease":
{ Args: { "p_holder": string,"p_run_id": string }; Returns: undefined
                           },
"assert_person":
{ Args: { "p_actor": string }; Returns: undefined
                           },
"audit_approval":
{ Args: { "a": Omit<Database["public"]['Tables']["actp_approval_queue"]['Row'], Database["public"]['Tables']["actp_approval_queue"]['ComputedFields']>,"p_action_type": string,"p_actor": string,"p_context": Json,"p_facts": Json,"p_status": string }; Returns: undefined
                           },
"audit_acknowledgements":
{ Args: Record<PropertyKey, never>; Returns: Json
                           },
"audit_change":
{ Args: { "p_action_type": string,"p_actor": string,"p_context": Json,"p_facts": Json,"p_status": string }; Returns: undefined
                           },
"audit_chains":
{ Args: Record<PropertyKey, never>; Returns: Json
                           },
"audit_checkpoints":
{ Args: { "p_after": number,"p_limit": number }; Returns: Json
                           },
"audit_hashes":
{ Args: { "p_day": string,"p_lane": number,"p_seqs": (number)[] }; Returns: Json
                           },
"audit_heads":
{ Args: { "p_day"?: string }; Returns: Json
                           },
"audit_heal":
{ Args: { "h": Omit<Database["public"]['Tables']["actp_heals"]['Row'], Database["public"]['Tables']["actp_heals"]['ComputedFields']>,"p_action_type": string,"p_facts": Json,"p_status": string }; Returns: undefined
                           },
"audit_spend":
{ Args: { "p_action_type": string,"p_context": Json,"p_facts": Json,"p_status": string,"r": Omit<Database["public"]['Tables']["actp_spend_reservations"]['Row'], Database["public"]['Tables']["actp_spend_reservations"]['ComputedFields']> }; Returns: undefined
                           },
"audit_summary":
{ Args: { "p_since": string,"p_until": string }; Returns: Json
                           },
"await_task_approval":
{ Args: { "p_approval_id": string,"p_holder": string,"p_id": string }; Returns: boolean
                           },
"begin_effect_attempt":
{ Args: { "p_effect": string,"p_holder": string,"p_id": string }; Returns: Json
                           },
"begin_selftest_run":
{ Args: { "p_holder": string,"p_job_id": string,"p_lease_seconds": number,"p_run_id": string,"p_trigger": string }; Returns: boolean
                           },
"cancel_approval":
{ Args: { "p_context": Json,"p_id": string }; Returns: Json
                           },
"cancel_task":
{ Args: { "p_actor": string,"p_context": Json,"p_id": string,"p_user": string }; Returns: Json
                           },
"change_operator":
{ Args: { "p_actor": string,"p_context": Json,"p_disabled": boolean,"p_id": string,"p_name": string }; Returns: Json
                           },
"change_password":
{ Args: { "p_actor": string,"p_context": Json,"p_hours": number,"p_new_hash": string,"p_stored_hash": string,"p_user_id": string }; Returns: string
                           },
"claim_callbacks":
{ Args: { "p_approval_id": string,"p_limit": number,"p_seconds": number }; Returns: Json
                           },
"claim_heal":
{ Args: { "p_holder": string,"p_id": string,"p_limits": Json }; Returns: Json
                           },
"claim_limits":
{ Args: { "p_action": string,"p_agent": string,"p_claims": Json }; Returns: Json
                           },
"claim_quiet_telegram_refusal":
{ Args: { "p_chat_ids": string[],"p_quiet_seconds": number }; Returns: string
                           },
"claim_reminder":
{ Args: { "p_id": string,"p_sent_so_far": number }; Returns: boolean
                           },
"claim_schedule_run":
{ Args: { "p_due_at": string,"p_job_id": string,"p_late_seconds": number,"p_schedule": string }; Returns: string
                           },
"claim_signed_request":
{ Args: { "p_timestamp": number,"p_webhook_id": string }; Returns: string
                           },
"claim_task":
{ Args: { "p_holder": string,"p_id": string,"p_per_user": number,"p_seconds": number }; Returns: Json
                           },
"claim_work":
{ Args: { "p_action": string,"p_agent": string,"p_claims": Json,"p_key": string,"p_request_digest": string }; Returns: Json
                           },
"clear_telegram_refusals":
{ Args: { "p_chat_id": string,"p_what": string[] }; Returns: number
                           },
"commit_spend":
{ Args: { "p_amount_minor": number,"p_context": Json,"p_id": string }; Returns: Json
                           },
"configured_operator":
{ Args: { "p_email": string }; Returns: Json
                           },
"confirm_plane":
{ Args: { "p_anchor": Json,"p_signing_key": string }; Returns: Json
                           },
"count_findings":
{ Args: Record<PropertyKey, never>; Returns: Json
                           },
"create_agent":
{ Args: { "p_actor": string,"p_agent": Json,"p_context": Json }; Returns: Json
                           },
"create_task":
{ Args: { "p_context": Json,"p_request": Json }; Returns: Json
                           },
"database_clock":
{ Args: Record<PropertyKey, never>; Returns: string
                           },
"decide_approval":
{ Args: { "p_action_digest": string,"p_actor": string,"p_context": Json,"p_decision": string,"p_id": string,"p_policy"?: Json,"p_reason": string,"p_telegram": Json }; Returns: Json
                           },
"delay_task":
{ Args: { "p_holder": string,"p_id": string,"p_milliseconds": number,"p_reason": string }; Returns: boolean
                           },
"delete_agent":
{ Args: { "p_actor": string,"p_context": Json,"p_id": string }; Returns: Json
                           },
"doctor_facts":
{ Args: Record<PropertyKey, never>; Returns: Json
                           },
"due_approval_work":
{ Args: { "p_default_chat_id": string,"p_limit": number,"p_without_chats": (string)[],"p_without_ids": (string)[] }; Returns: Json
                           },
"due_heals":
{ Args: { "p_older_than_seconds": number }; Returns: Json
                           },
"due_notifications":
{ Args: { "p_limit": number,"p_older_than_seconds": number }; Returns: string[]
                           },
"due_tasks":
{ Args: { "p_again_seconds": number,"p_limit": number }; Returns: string[]
                           },
"end_session":
{ Args: { "p_actor": string,"p_context": Json,"p_id": string,"p_reason": string }; Returns: string
                           },
"enqueue_notification":
{ Args: { "p_body": string,"p_dedupe_key": string,"p_kind": string }; Returns: string
                           },
"ensure_operator":
{ Args: { "p_email": string,"p_password_hash": string }; Returns: boolean
                           },
"expire_approvals":
{ Args: { "p_limit": number,"p_unknown_after_seconds": number }; Returns: string[]
                           },
"expire_locked_approval":
{ Args: { "a": Omit<Database["public"]['Tables']["actp_approval_queue"]['Row'], Database["public"]['Tables']["actp_approval_queue"]['ComputedFields']> }; Returns: {
              "action": string,
"action_digest": string | null,
"approvers": number,
"callback_url": string | null,
"chat_id": string | null,
"cost_usd": number | null,
"created_at": string,
"critical": boolean,
"decided_at": string | null,
"decided_by": string | null,
"decision_reason": string | null,
"details": NonNullable<Json>,
"expires_at": string,
"grant_id": string | null,
"grant_seconds": number,
"id": string,
"idempotency_key": string | null,
"idempotency_scope": string | null,
"lapsed_at": string | null,
"outcome": string | null,
"outcome_at": string | null,
"outcome_before_effect": boolean,
"outcome_result": Json | null,
"payload_digest": string | null,
"policy_version": string | null,
"reason": string | null,
"redeemed_at": string | null,
"redeemed_by": string | null,
"request_digest": string | null,
"requested_by": string,
"status": string,
"version": number
            }
                          SetofOptions: {
        from: "actp_approval_queue"
        to: "actp_approval_queue"
        isOneToOne: true
        isSetofReturn: false
      } },
"extend_selftest_run":
{ Args: { "p_lease_seconds": number,"p_run_id": string,"p_step": string }; Returns: boolean
                           },
"find_user":
{ Args: { "p_email": string }; Returns: {
              "email": string,"id": string,"password_hash": string | null,"role": string
            }[]
                           },
"finish_heal":
{ Args: { "p_facts": Json,"p_holder": string,"p_id": string,"p_limits": Json,"p_reason": string,"p_state": string }; Returns: Json
                           },
"finish_notification":
{ Args: { "p_id": string,"p_message_id"?: number,"p_revision"?: number,"p_state": string }; Returns: boolean
                           },
"finish_notifications":
{ Args: { "p_id": string,"p_message_id": number,"p_revision": number,"p_with": string[],"p_with_revisions": number[] }; Returns: undefined
                           },
"finish_task":
{ Args: { "p_end": Json,"p_holder": string,"p_id": string }; Returns: boolean
                           },
"forget_approval_card":
{ Args: { "p_id": string,"p_message_id": number }; Returns: boolean
                           },
"forget_audit_event_ids":
{ Args: { "p_limit": number }; Returns: number
                           },
"forget_cards_elsewhere":
{ Args: { "p_chat_ids": (string)[] }; Returns: number
                           },
"forget_heal_start":
{ Args: { "p_holder": string,"p_id": string }; Returns: Json
                           },
"forget_limit_uses":
{ Args: { "p_limit": number }; Returns: number
                           },
"forget_telegram_refusals_elsewhere":
{ Args: { "p_chat_ids": string[] }; Returns: undefined
                           },
"forget_telegram_updates":
{ Args: Record<PropertyKey, never>; Returns: number
                           },
"heal_block":
{ Args: Record<PropertyKey, never>; Returns: Json
                           },
"heal_json":
{ Args: { "h": Omit<Database["public"]['Tables']["actp_heals"]['Row'], Database["public"]['Tables']["actp_heals"]['ComputedFields']> }; Returns: Json
                           },
"hold_kill_switch":
{ Args: Record<PropertyKey, never>; Returns: undefined
                           },
"hold_plane":
{ Args: { "p_anchor": Json,"p_code": string,"p_epoch": number,"p_reason": string }; Returns: boolean
                           },
"hold_tasks":
{ Args: { "p_holder": string,"p_ids": string[],"p_seconds": number }; Returns: string[]
                           },
"intend_heal_start":
{ Args: { "p_before": Json,"p_holder": string,"p_id": string }; Returns: Json
                           },
"invite_operator":
{ Args: { "p_actor": string,"p_code_hash": string,"p_context": Json,"p_email": string,"p_hours": number,"p_name": string }; Returns: Json
                           },
"kill_switch_covers":
{ Args: { "p_action": string,"p_agent": string,"p_scope": string }; Returns: boolean
                           },
"kill_switch_json":
{ Args: { "k": Omit<Database["public"]['Tables']["actp_kill_switches"]['Row'], Database["public"]['Tables']["actp_kill_switches"]['ComputedFields']> }; Returns: Json
                           },
"is_tick_open":
{ Args: { "p_due_at": string,"p_schedule": string }; Returns: boolean
                           },
"last_audit_checkpoint":
{ Args: Record<PropertyKey, never>; Returns: Json
                           },
"last_schedule_runs":
{ Args: Record<PropertyKey, never>; Returns: {
              "due_at": string,"schedule": string,"started_at": string,"status": string
            }[]
                           },
"lift_kill_switch":
{ Args: { "p_actor": string,"p_context": Json,"p_id": string,"p_reason": string,"p_scope": string }; Returns: Json
                           },
"link_telegram":
{ Args: { "p_code_hash": string,"p_private": boolean,"p_telegram_id": number,"p_update_id": number }; Returns: Json
                           },
"list_agents":
{ Args: { "p_before_at": string,"p_before_id": string,"p_limit": number }; Returns: Json
                           },
"list_approvals":
{ Args: { "p_agent"?: string,"p_before_at": string,"p_before_id": string,"p_limit": number,"p_status": string }; Returns: Json
                           },
"list_audit_events":
{ Args: { "p_before_at": string,"p_before_id": number,"p_filter": Json,"p_limit": number }; Returns: Json[]
                           },
"list_findings":
{ Args: { "p_before_at": string,"p_before_id": string,"p_limit": number,"p_project": string,"p_severity": string,"p_state": string }; Returns: Json
                           },
"list_operators":
{ Args: { "p_before_at": string,"p_before_id": string,"p_limit": number }; Returns: Json
                           },
"list_reviews":
{ Args: { "p_project": string }; Returns: Json
                           },
"list_sessions":
{ Args: { "p_before_at": string,"p_before_id": string,"p_limit": number }; Returns: Json
                           },
"list_tasks":
{ Args: { "p_before_at": string,"p_before_id": string,"p_limit": number,"p_status": string,"p_user": string }; Returns: Json
                           },
"make_audit_partitions":
{ Args: { "p_days": number }; Returns: number
                           },
"make_telegram_code":
{ Args: { "p_actor": string,"p_code_hash": string,"p_context": Json,"p_minutes": number,"p_user_id": string }; Returns: string
                           },
"minor_units":
{ Args: { "p_amount": number,"p_name": string }; Returns: number
                           },
"move_heal":
{ Args: { "p_facts": Json,"p_holder": string,"p_id": string,"p_step": string,"p_timeout_seconds"?: number }; Returns: Json
                           },
"normal_name":
{ Args: { "p_name": string }; Returns: string
                           },
"note_agents_used":
{ Args: { "p_ids": (string)[] }; Returns: undefined
                           },
"note_anchor_problem":
{ Args: { "p_problem": string }; Returns: boolean
                           },
"note_approval_event":
{ Args: { "a": Omit<Database["public"]['Tables']["actp_approval_queue"]['Row'], Database["public"]['Tables']["actp_approval_queue"]['ComputedFields']>,"p_type": string }; Returns: undefined
                           },
"note_earlier_plane":
{ Args: { "p_plane_id": string,"p_stopped": Json }; Returns: Json
                           },
"note_heal":
{ Args: { "p_request": string,"p_run_id": string }; Returns: undefined
                           },
"note_notification_failure":
{ Args: { "p_error": string,"p_id": string }; Returns: boolean
                           },
"note_reviewed_packages":
{ Args: { "p_ecosystem": string,"p_packages": Json,"p_project": string }; Returns: Json
                           },
"note_stopped":
{ Args: { "p_action": string,"p_agent": string,"p_approval_id": string,"p_attempt": string,"p_block": Json,"p_context": Json }; Returns: undefined
                           },
"note_telegram_poll":
{ Args: { "p_gap_seconds": number }; Returns: boolean
                           },
"note_telegram_refusal":
{ Args: { "p_chat_id": string,"p_reason": string,"p_what": string }; Returns: undefined
                           },
"note_violation":
{ Args: { "p_action": string,"p_agent": string,"p_approval_id": string,"p_attempt": string,"p_block": Json,"p_context": Json,"p_rule": string }; Returns: undefined
                           },
"old_audit_days":
{ Args: { "p_days": number }; Returns: string[]
                           },
"open_heals":
{ Args: { "p_asked_by": string,"p_holder": string,"p_nothing": string,"p_request": string,"p_run_id": string,"p_suites": Json }; Returns: Json
                           },
"open_session":
{ Args: { "p_context": Json,"p_hours": number,"p_kind": string,"p_password_hash": string,"p_user_id": string }; Returns: string
                           },
"pay_ledger":
{ Args: { "p_key": string,"p_payload": Json }; Returns: Json
                           },
"plan_task":
{ Args: { "p_budget_minor": number,"p_holder": string,"p_id": string,"p_plan": Json }; Returns: Json
                           },
"plane_hold":
{ Args: Record<PropertyKey, never>; Returns: Json
                           },
"plane_readiness":
{ Args: Record<PropertyKey, never>; Returns: Json
                           },
"prepare_kill_switch":
{ Args: { "p_actor": string,"p_chat_id": string,"p_kind": string,"p_reason": string,"p_scope": string,"p_switch_id": string }; Returns: string
                           },
"press_approval":
{ Args: { "p_action_digest": string,"p_actor": string,"p_confirmed": boolean,"p_context": Json,"p_decision": string,"p_id": string,"p_policy"?: Json,"p_telegram": Json }; Returns: Json
                           },
"press_kill_switch":
{ Args: { "p_actor": string,"p_chat_id": string,"p_confirmed": boolean,"p_context": Json,"p_id": string,"p_refusal": string,"p_update_id": number }; Returns: Json
                           },
"read_approval":
{ Args: { "p_id": string }; Returns: Json
                           },
"read_approval_card":
{ Args: { "p_id": string }; Returns: Json
                           },
"read_heal":
{ Args: { "p_id": string }; Returns: Json
                           },
"read_plane":
{ Args: Record<PropertyKey, never>; Returns: Json
                           },
"read_spend":
{ Args: { "p_day"?: string,"p_user_id": string }; Returns: Json
                           },
"read_task":
{ Args: { "p_id": string,"p_user": string }; Returns: Json
                           },
"read_spend_days":
{ Args: { "p_days": number,"p_user_id": string }; Returns: Json
                           },
"reap_selftest_runs":
{ Args: Record<PropertyKey, never>; Returns: number
                           },
"record_approval_card":
{ Args: { "p_chat_id": string,"p_id": string,"p_message_id": number,"p_version": number }; Returns: undefined
                           },
"record_audit_checkpoint":
{ Args: { "p_n": number,"p_payload": string,"p_signature": string }; Returns: boolean
                           },
"record_callback":
{ Args: { "p_approval_id": string,"p_error": string,"p_retry_seconds": number,"p_state": string,"p_version": number }; Returns: boolean
                           },
"record_card_shown":
{ Args: { "p_id": string,"p_version": number }; Returns: undefined
                           },
"record_effect":
{ Args: { "p_answer": Json,"p_effect": string,"p_holder": string,"p_id": string }; Returns: Json
                           },
"record_guard_outcome":
{ Args: { "p_before_effect": boolean,"p_context": Json,"p_grant_id": string,"p_outcome": string }; Returns: Json
                           },
"record_heal_start":
{ Args: { "p_acd": Json,"p_holder": string,"p_id": string,"p_timeout_seconds": number }; Returns: Json
                           },
"record_missed_run":
{ Args: { "p_body": string,"p_due_at": string,"p_schedule": string }; Returns: string
                           },
"record_outcome":
{ Args: { "p_before_effect"?: boolean,"p_confirmed"?: boolean,"p_context": Json,"p_id": string,"p_outcome": string,"p_result": Json }; Returns: Json
                           },
"record_refused_press":
{ Args: { "p_actor": string,"p_facts": Json,"p_update_id": number }; Returns: boolean
                           },
"record_review":
{ Args: { "p_review": Json }; Returns: Json
                           },
"record_schedule_run":
{ Args: { "p_due_at": string,"p_job_id": string,"p_schedule": string,"p_status": string }; Returns: undefined
                           },
"record_snapshot":
{ Args: { "p_alert": Json,"p_snapshot": Json }; Returns: Json
                           },
"record_telegram_move":
{ Args: { "p_alerts": boolean,"p_body": string,"p_chat_id": string,"p_moved_to": string }; Returns: string
                           },
"redeem_approval":
{ Args: { "p_context": Json,"p_id": string,"p_limits"?: Json,"p_payload_digest": string,"p_policy"?: Json }; Returns: Json
                           },
"refuse_import":
{ Args: { "p_denied": Json,"p_id": string }; Returns: boolean
                           },
"register_schedules":
{ Args: { "p_schedules": Json }; Returns: undefined
                           },
"releasable_kill_switches":
{ Args: Record<PropertyKey, never>; Returns: Json
                           },
"release_effect":
{ Args: { "p_effect": Json,"p_holder": string,"p_id": string,"p_redeem": Json }; Returns: Json
                           },
"register_user":
{ Args: { "p_actor": string,"p_context": Json,"p_email": string,"p_operator_email": string,"p_password_hash": string }; Returns: Json
                           },
"release_lease":
{ Args: { "p_holder": string,"p_name": string }; Returns: boolean
                           },
"release_spend":
{ Args: { "p_context": Json,"p_id": string }; Returns: Json
                           },
"release_stale_spend":
{ Args: { "p_limit": number }; Returns: string[]
                           },
"release_work":
{ Args: { "p_grant_id": string }; Returns: undefined
                           },
"reminders_due":
{ Args: { "a": Omit<Database["public"]['Tables']["actp_approval_queue"]['Row'], Database["public"]['Tables']["actp_approval_queue"]['ComputedFields']> }; Returns: number
                           },
"replace_operator_password":
{ Args: { "p_email": string,"p_new_hash": string,"p_stored_hash": string }; Returns: boolean
                           },
"request_approval":
{ Args: { "p_context": Json,"p_request": Json }; Returns: Json
                           },
"reserve_spend":
{ Args: { "p_context": Json,"p_request": Json }; Returns: Json
                           },
"resolve_effect":
{ Args: { "p_actor": string,"p_context": Json,"p_effect": string,"p_happened": boolean,"p_task": string }; Returns: Json
                           },
"retire_audit_day":
{ Args: { "p_day": string,"p_heads": Json,"p_n": number,"p_payload": string,"p_signature": string }; Returns: boolean
                           },
"revise_notification":
{ Args: { "p_body": string,"p_dedupe_key": string,"p_kind": string }; Returns: Json
                           },
"rotate_agent_key":
{ Args: { "p_actor": string,"p_context": Json,"p_grace_seconds": number,"p_id": string,"p_key_hash": string }; Returns: Json
                           },
"rotate_signing_key":
{ Args: { "p_n": number,"p_new": string,"p_old": string,"p_payload": string,"p_signature": string }; Returns: boolean
                           },
"selftest_under_way":
{ Args: Record<PropertyKey, never>; Returns: Json
                           },
"session_person":
{ Args: { "p_id": string,"p_kind": string }; Returns: Json
                           },
"set_kill_switch":
{ Args: { "p_actor": string,"p_context": Json,"p_reason": string,"p_scope": string }; Returns: Json
                           },
"spend_json":
{ Args: { "r": Omit<Database["public"]['Tables']["actp_spend_reservations"]['Row'], Database["public"]['Tables']["actp_spend_reservations"]['ComputedFields']> }; Returns: Json
                           },
"take_back_press":
{ Args: { "p_actor": string,"p_context": Json,"p_id": string,"p_update_id": number }; Returns: Json
                           },
"take_limits":
{ Args: { "p_action": string,"p_agent": string,"p_approval_id": string,"p_claims": Json,"p_grant_id": string }; Returns: Json
                           },
"plane_gauges":
{ Args: Record<PropertyKey, never>; Returns: Json
                           },
"task_versions":
{ Args: { "p_ids": string[] }; Returns: Json
                           },
"task_attention":
{ Args: { "p_limit": number }; Returns: Json
                           },
"telegram_may_act":
{ Args: { "p_telegram_id": number }; Returns: boolean
                           },
"telegram_state":
{ Args: Record<PropertyKey, never>; Returns: Json
                           },
"unadopted_approvals":
{ Args: { "p_limit": number }; Returns: Json
                           },
"unlink_telegram":
{ Args: { "p_actor": string,"p_context": Json,"p_user_id": string }; Returns: string
                           },
"verify_audit_chain":
{ Args: { "p_after": number,"p_before": string,"p_day": string,"p_lane": number,"p_limit": number }; Returns: Json
                           },
"is_known_agent":
{ Args: { "p_name": string }; Returns: boolean
                           },
"is_chat_greeted":
{ Args: { "p_chat_id": string }; Returns: boolean
                           },
"note_greeting":
{ Args: { "p_chat_id": string }; Returns: undefined
                           },
"note_telegram_person":
{ Args: { "p_name": string,"p_telegram_id": number }; Returns: undefined
                           },
"approval_of_card":
{ Args: { "p_chat_id": string,"p_message_id": number }; Returns: string
                           },
"reject_by_reply":
{ Args: { "p_action_digest": string,"p_actor": string,"p_context": Json,"p_id": string,"p_reason": string,"p_telegram": Json }; Returns: Json
                           },
"waiting_approvals":
{ Args: { "p_limit": number }; Returns: Json
                           },
"waiting_notifications":
{ Args: { "p_limit": number }; Returns: {
              "body": string,
"created_at": string,
"dedupe_key": string,
"id": string,
"kind": string,
"message_id": number,
"revision": number,
"waited_seconds": number
            }[]
                           },
"write_audit_events":
{ Args: { "p_events": Json }; Returns: Json
                           }
          }
          Enums: {
            [_ in never]: never
          }
          CompositeTypes: {
            [_ in never]: never
          }
        }
}

type DatabaseWithoutInternals = Omit<Database, '__InternalSupabase'>

type DefaultSchema = DatabaseWithoutInternals[Extract<keyof Database, "public">]

export type Tables<
  DefaultSchemaTableNameOrOptions extends
    | keyof (DefaultSchema["Tables"] & DefaultSchema["Views"])
    | { schema: keyof DatabaseWithoutInternals },
  TableName extends DefaultSchemaTableNameOrOptions extends {
    schema: keyof DatabaseWithoutInternals
  }
    ? keyof (DatabaseWithoutInternals[DefaultSchemaTableNameOrOptions["schema"]]["Tables"] &
        DatabaseWithoutInternals[DefaultSchemaTableNameOrOptions["schema"]]["Views"])
    : never = never
> = DefaultSchemaTableNameOrOptions extends { schema: keyof DatabaseWithoutInternals }
  ? (DatabaseWithoutInternals[DefaultSchemaTableNameOrOptions["schema"]]["Tables"] &
      DatabaseWithoutInternals[DefaultSchemaTableNameOrOptions["schema"]]["Views"])[TableName] extends {
      Row: infer R
    }
    ? R
    : never
  : DefaultSchemaTableNameOrOptions extends keyof (DefaultSchema["Tables"] & DefaultSchema["Views"])
  ? (DefaultSchema["Tables"] & DefaultSchema["Views"])[DefaultSchemaTableNameOrOptions] extends {
      Row: infer R
    }
    ? R
    : never
  : never

export type TablesInsert<
  DefaultSchemaTableNameOrOptions extends
    | keyof DefaultSchema["Tables"]
    | { schema: keyof DatabaseWithoutInternals },
  TableName extends DefaultSchemaTableNameOrOptions extends {
    schema: keyof DatabaseWithoutInternals
  }
    ? keyof DatabaseWithoutInternals[DefaultSchemaTableNameOrOptions["schema"]]["Tables"]
    : never = never
> = DefaultSchemaTableNameOrOptions extends { schema: keyof DatabaseWithoutInternals }
  ? DatabaseWithoutInternals[DefaultSchemaTableNameOrOptions["schema"]]["Tables"][TableName] extends {
      Insert: infer I
    }
    ? I
    : never
  : DefaultSchemaTableNameOrOptions extends keyof DefaultSchema["Tables"]
  ? DefaultSchema["Tables"][DefaultSchemaTableNameOrOptions] extends {
      Insert: infer I
    }
    ? I
    : never
  : never

export type TablesUpdate<
  DefaultSchemaTableNameOrOptions extends
    | keyof DefaultSchema["Tables"]
    | { schema: keyof DatabaseWithoutInternals },
  TableName extends DefaultSchemaTableNameOrOptions extends {
    schema: keyof DatabaseWithoutInternals
  }
    ? keyof DatabaseWithoutInternals[DefaultSchemaTableNameOrOptions["schema"]]["Tables"]
    : never = never
> = DefaultSchemaTableNameOrOptions extends { schema: keyof DatabaseWithoutInternals }
  ? DatabaseWithoutInternals[DefaultSchemaTableNameOrOptions["schema"]]["Tables"][TableName] extends {
      Update: infer U
    }
    ? U
    : never
  : DefaultSchemaTableNameOrOptions extends keyof DefaultSchema["Tables"]
  ? DefaultSchema["Tables"][DefaultSchemaTableNameOrOptions] extends {
      Update: infer U
    }
    ? U
    : never
  : never

export type Enums<
  DefaultSchemaEnumNameOrOptions extends
    | keyof DefaultSchema["Enums"]
    | { schema: keyof DatabaseWithoutInternals },
  EnumName extends DefaultSchemaEnumNameOrOptions extends {
    schema: keyof DatabaseWithoutInternals
  }
    ? keyof DatabaseWithoutInternals[DefaultSchemaEnumNameOrOptions["schema"]]["Enums"]
    : never = never
> = DefaultSchemaEnumNameOrOptions extends { schema: keyof DatabaseWithoutInternals }
  ? DatabaseWithoutInternals[DefaultSchemaEnumNameOrOptions["schema"]]["Enums"][EnumName]
  : DefaultSchemaEnumNameOrOptions extends keyof DefaultSchema["Enums"]
  ? DefaultSchema["Enums"][DefaultSchemaEnumNameOrOptions]
  : never

export type CompositeTypes<
  PublicCompositeTypeNameOrOptions extends
    | keyof DefaultSchema["CompositeTypes"]
    | { schema: keyof DatabaseWithoutInternals },
  CompositeTypeName extends PublicCompositeTypeNameOrOptions extends {
    schema: keyof DatabaseWithoutInternals
  }
    ? keyof DatabaseWithoutInternals[PublicCompositeTypeNameOrOptions["schema"]]["CompositeTypes"]
    : never = never
> = PublicCompositeTypeNameOrOptions extends { schema: keyof DatabaseWithoutInternals }
  ? DatabaseWithoutInternals[PublicCompositeTypeNameOrOptions["schema"]]["CompositeTypes"][CompositeTypeName]
  : PublicCompositeTypeNameOrOptions extends keyof DefaultSchema["CompositeTypes"]
  ? DefaultSchema["CompositeTypes"][PublicCompositeTypeNameOrOptions]
  : never

export const Constants = {
  "public": {
          Enums: {
            
          }
        }
} as const
