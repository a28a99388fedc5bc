/** Where a request comes from, as its audit events say it. */
export interface RequestOrigin {
  ip_address: string;
  user_agent: string;
  request_id: string;
}
