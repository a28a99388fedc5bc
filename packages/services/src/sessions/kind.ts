/** What a session is for: `api` for bearer tokens, `page` for a browser's cookie. Neither is taken for the other. */
export type SessionKind = 'api' | 'page';
