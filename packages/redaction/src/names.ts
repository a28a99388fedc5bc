/** What a name says of the value beside it. */
export interface NameClass {
  kind: string;
  /** A strong name makes any value a secret; beside a weak one the value must look like one. */
  strong: boolean;
  /** A number under it is one as well. */
  numbers?: boolean;
  /** Of several, such as `api_keys`: what looks random in a list of them is a secret. */
  several?: boolean;
}

// What may stand behind the word that tells: `password_old`, `api_key_2`, `secret_base64`.
const suffix =
  /_(?:value|hash|previous|prev|old|new|current|\d{1,4}|b64|base64|prod|production|dev|development|test|staging|stage|live|plain|plaintext|text|string|str|env|raw|encoded|primary|secondary|main|default|confirm|confirmation|again|repeat|answer)$/;

const passwords =
  /(?:passw(?:or)?ds?|passphrase|passcode|passwort|kennwort|contrasena|mot_de_passe|(?:^|_)(?:pwd|pass|passwd|pswd)|(?:db|user|root|admin|smtp|mysql|pg|ftp|mail|redis|login|my|sa|ssh|ldap)_?(?:pass|pwd)|pgpass|mnemonic|seed_phrase|recovery_phrase)$/;
const secrets =
  /(?:secret|secret_?key|client_secret_value|shared_secret|otp_secret|totp_seed|assertion|saml_response)$/;
const apiKeys =
  /(?:api_?key|apikeys|access_?key|account_?key|shared_access_key|app_key|application_key|x_functions_key|subscription_key|license_key|licence_key|consumer_key|integration_key|webhook_key|ingest(?:ion)?_key|write_key|admin_key|service_key|(?:service_|anon_?|service)role_?key|role_key|master_key|user_key|anon_key|publishable_key|deploy_key|auth_?key)$/;
const privateKeys =
  /(?:private_?key|priv_?key|encrypt(?:ion)?_?key|decrypt(?:ion)?_?key|sign(?:ing|ature)?_?key|signkey|session_?key|cookie_key|hmac_?key|jwt_?key|aes_?key|rsa_key|ssh_key|tls_key|ssl_key|gpg_key|cipher_?key|crypto_?key|symmetric_key|wallet_key|seed_key|recovery_key|vault_key|unseal_key|csrf_key)$/;
const tokens =
  /(?:token|(?:^|_)sas|jwt|(?:^|_)bearer|phpsessid|jsessionid|sessionid|session_cookie|connect_sid|(?:^|_)otp)$/;
const authorization = /(?:authorization|^x_auth|^www_auth)$/;
const cookies = /(?:^|_)(?:set_)?cookies?$/;
const credentials = /(?:credentials?|creds|contribsys_com)$/;

// Names of keys and tokens that everybody may know.
const ordinary =
  /(?:public_key_token|(?:^|_)(?:next|page|pagination|continuation|cancell?ation|cancel|max|min|num|sync|scroll|resume|delimiter|unexpected|eos|bos|pad|unk|sep|cls|mask|design|per|json_?web|abort|stop|refresh_page|next_page|lock|fencing|ack|receipt)_token|jsonwebtoken|(?:^|_)(?:public|pub|foreign|primary|natural|cache|sort|partition|range|hash|row|group|idempotency|job|object|s3|map|hot|i18n|translation|message|event|routing|lookup|index|unique|composite|bucket|sequence|schema|shard|storage|registry|property|host|known_hosts?|web_?socket|dedup|dedupe|deduplication|redis|queue|lock|topic|cert|certificate|kms|data|file|translation|config|setting|metric|label|restore|restored_from|from)_key)$/;
// Values under these are keys when they look like one.
const weak = /(?:(?:^|_)(?:auth|sid|session|code_verifier)|key)$/;

const providers =
  /(?:adafruit|adobe|airtable|algolia|alibaba|aliyun|anthropic|asana|atlassian|confluence|jira|aws|azure|beamer|bitbucket|bittrex|meraki|cloudflare|codecov|cohere|coinbase|confluent|contentful|datadog|discord|drone_?ci|dropbox|etsy|facebook|fastly|finicity|finnhub|flickr|freshbooks|gcp|gemini|github|gitlab|gitter|gocardless|google|grafana|heroku|hubspot|intercom|jfrog|artifactory|bintray|kraken|kucoin|launchdarkly|linear|linked_?in|lob|looker|mailchimp|mailgun|mapbox|mattermost|message_?bird|mistral|netlify|new_?relic|notion|npm|nytimes|okta|openai|pagerduty|plaid|postmark|rapid_?api|rollbar|sendbird|sentry|shodan|slack|snyk|sonar|sonarqube|splunk|spotify|square|squarespace|stripe|sumo|sumologic|supabase|telegram|travis|trello|twilio|twitch|twitter|typeform|virustotal|vultr|yandex|youtube|zendesk|zoom)/;
const providerKey = /(?:key|token|secret|auth|sumo\w*_?access_?id|sonar\w*_?login)$/;

// `api_keys`, `tokens`, `client_secrets`: of those that are counted, named or listed by their ids there are as many.
const severalOf = /(?:key|token|secret)s$/;

const several = (one: NameClass | undefined): NameClass | undefined =>
  one?.strong === true ? { kind: one.kind, strong: false, several: true } : undefined;

const known = new Map<string, NameClass | undefined>();
// Our own names come again and again; those of payloads are anybody's, and must not fill the memory.
const rememberedNames = 2_000;
const longestRemembered = 64;

/** @param name as it is written: `clientSecret`, `X-API-Key`, `spring.datasource.password` */
export function classifyName(name: string): NameClass | undefined {
  if (known.has(name)) return known.get(name);
  const result = classify(words(name));
  if (known.size < rememberedNames && name.length <= longestRemembered) known.set(name, result);
  return result;
}

/** `clientSecret_2` becomes `client_secret`. */
function words(name: string): string {
  let snake = name
    .replaceAll(/([a-z0-9])([A-Z])/g, '$1_$2')
    .replaceAll(/[-.\s_]+/g, '_')
    .toLowerCase()
    .replaceAll(/^_|_$/g, '');
  for (let i = 0; i < 3 && suffix.test(snake); i += 1) snake = snake.replace(suffix, '');
  return snake;
}

function classify(name: string): NameClass | undefined {
  if (ordinary.test(name)) return undefined;
  if (passwords.test(name)) return { kind: 'password', strong: true, numbers: !/(?:^|_)pass$/.test(name) };
  if (cookies.test(name)) return { kind: 'cookie', strong: true };
  if (authorization.test(name)) return { kind: 'authorization', strong: true };
  if (apiKeys.test(name)) return { kind: 'api-key', strong: true };
  if (privateKeys.test(name)) return { kind: 'secret-key', strong: true };
  if (secrets.test(name)) return { kind: 'secret', strong: true };
  if (tokens.test(name)) return { kind: 'token', strong: true };
  if (credentials.test(name)) return { kind: 'credential', strong: true };
  const provider = providerKey.test(name) ? providers.exec(name)?.[0] : undefined;
  if (provider !== undefined) return { kind: `${provider.replaceAll('_', '')}-key`, strong: true };
  if (/^x_[a-z0-9_]*(?:key|token|secret|auth)$/.test(name)) return { kind: 'api-key', strong: true };
  if (severalOf.test(name)) return several(classify(name.slice(0, -1)));
  return weak.test(name) ? { kind: 'key', strong: false } : undefined;
}
