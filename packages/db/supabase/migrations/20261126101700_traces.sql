-- The W3C trace context of the request that inserted it, so that what follows (the card, the decision, the webhook) belongs to the trace in which
-- it was asked for. Null when nothing is traced; what is not well-formed is left out.
alter table public.actp_approval_queue
  add column traceparent text
  default substring(
    nullif(current_setting('request.headers', true), '')::json ->> 'traceparent'
    from '^00-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}$');
