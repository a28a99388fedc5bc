import { describe, expect, it } from 'vitest';
import { classifyName } from './names.ts';

const words = (...lines: string[]) => lines.join(' ').split(' ');

/** Names beside which any value is a secret, by what it is then. */
const strong: ReadonlyArray<readonly [kind: string, names: string[]]> = [
  [
    'password',
    words(
      'password passwords passwd passwds userpassword dbPassword PGPASSWORD passphrase passcode passwort kennwort contrasena',
      'motDePasse pwd dbPwd db_pwd pswd my_pswd userpwd user_pass rootPass adminpass smtp_pwd mysqlpass pgpass ftpPass mailpass',
      'redis-pass loginpass login_pass mypass sapwd sshpass ldapPass mnemonic wallet.mnemonic seed_phrase recoveryPhrase',
      'spring.datasource.password X-Password __password__ password-confirm passwordAgain',
    ),
  ],
  [
    'secret',
    words(
      'secret clientSecret secretKey secretkey my_secret_key cache_key_secret',
      'client_secret_value shared_secret otpSecret totp_seed assertion client_assertion samlResponse',
    ),
  ],
  [
    'api-key',
    words(
      'api_key apikey apiKey X-API-Key apikeys accesskey access_key accountKey accountkey shared_access_key app_key application_key',
      'secret_access_key SecretAccessKey x-functions-key subscription_key license_key licence_key consumer_key integration_key webhook_key ingest_key ingestion_key',
      'write_key admin_key service_key service_role_key servicerolekey anon_role_key anonrole_key anonrolekey role_key master_key user_key anon_key',
      'publishable_key deploy_key auth_key authkey x_acme_key X-Acme-Auth',
    ),
  ],
  [
    'secret-key',
    words(
      'private_key privatekey privateKey priv_key privkey encryption_key encryptkey encryptionkey encrypt_key decryption_key decryptkey',
      'decrypt_key decryptionkey signing_key signature_key signkey sign_key signingkey session_key sessionkey cookie_key hmac_key hmackey',
      'jwt_key jwtkey aes_key aeskey rsa_key ssh_key tls_key ssl_key gpg_key cipher_key cipherkey crypto_key cryptokey symmetric_key',
      'wallet_key seed_key recovery_key vault_key unseal_key csrf_key',
    ),
  ],
  [
    'token',
    words(
      'token accessToken access_token refresh-token X-Auth-Token csrftoken sas my_sas blob_sas jwt userJwt bearer my_bearer PHPSESSID',
      'JSESSIONID sessionid connect.sid sid_token my_sid_token otp user_otp',
    ),
  ],
  ['authorization', words('authorization Authorization Proxy-Authorization x_auth X-Auth www_auth')],
  ['cookie', words('cookie cookies Set-Cookie setCookies set_cookie my_cookie session_cookie')],
  ['credential', words('credential credentials awsCredentials creds db_creds BUNDLE_CONTRIBSYS__COM')],
  // A provider's name and a word that tells.
  ['heroku-key', words('HEROKU_KEY heroku_auth herokuKey my_heroku_key')],
  ['snyk-key', words('SNYK_KEY')],
  ['droneci-key', words('drone_ci_key droneci_key')],
  ['linkedin-key', words('linked_in_key')],
  ['linkedin-key', words('linkedin_key')],
  ['messagebird-key', words('messagebird_key message_bird_key')],
  ['newrelic-key', words('newrelic_key new_relic_key')],
  ['rapidapi-key', words('rapidapi_my_key rapid_api_my_key')],
  ['travis-key', words('travis_ci_key travis_key')],
  ['sumo-key', words('sumo_accessid sumo_access_id sumologic_accessid sumo_my_access_id')],
  ['sonar-key', words('sonar_login sonarlogin sonarqube_login')],
];

describe('a name beside which any value is a secret', () => {
  it.each(strong.flatMap(([kind, names]) => names.map((name) => [kind, name] as const)))(
    'is that of a %s: %s',
    (kind, name) => {
      expect(classifyName(name)).toMatchObject({ kind, strong: true });
    },
  );

  it.each(
    words(
      'value hash previous prev old new current 2 1234 b64 base64 prod production dev development test staging stage live plain plaintext',
      'text string str env raw encoded primary secondary main default confirm confirmation again repeat answer',
    ),
  )('is one with a word behind it that says which: password_%s', (suffix) => {
    expect(classifyName(`password_${suffix}`)?.kind).toBe('password');
    expect(classifyName(`api_key_${suffix}`)?.kind).toBe('api-key');
    expect(classifyName(`password_${suffix}_x`)).toBeUndefined();
  });

  it('is one with up to three such words, and not with more', () => {
    expect(classifyName('password_old_test_2')?.kind).toBe('password');
    expect(classifyName('password_old_test_2_prod')).toBeUndefined();
    expect(classifyName('password_12345')).toBeUndefined();
  });

  it('says that a number is one as well, for passwords but not for what has passed', () => {
    expect(classifyName('db_password')?.numbers).toBe(true);
    expect(classifyName('passcode')?.numbers).toBe(true);
    for (const name of ['pass', 'db_pass']) expect(classifyName(name)).toMatchObject({ numbers: false });
    expect(classifyName('dbpass')?.numbers).toBe(true);
    expect(classifyName('token')?.numbers).toBeUndefined();
  });
});

it.each(
  words(
    'auth my_auth my_x_auth my_www_auth sid my_sid session user_session code_verifier key my_key mykey q7_key',
  ),
)('beside some names a value is a secret only when it looks like one: %s', (name) => {
  expect(classifyName(name)).toEqual({ kind: 'key', strong: false });
});

it.each(
  words(
    // What only begins or ends like one.
    'passwordless passport compass trespass mypwdx pwdx password_policy max_tokens secretary secrets_path assertions apikeyname',
    'authorize author authored authorization_url cookie_policy cookiecutter credentialed credited jwtx keyboard keys monkeys sasx bassas',
    'oauth2 sids inside aside sessions misauth myotp forbearer',
    'heroku herokuapp private_key_id heroku_key_id sonar_host sumo sumo_id x_acme_id xacme',
    // What everybody may know.
    'PublicKeyToken public_key_token next_token nextToken page_token pagination_token continuation_token cancellation_token cancelation_token',
    'cancel_token max_token min_token num_token sync_token scroll_token resume_token delimiter_token unexpected_token eos_token bos_token',
    'pad_token unk_token sep_token cls_token mask_token design_token per_token json_web_token jsonweb_token jsonwebtoken abort_token',
    'stop_token refresh_page_token next_page_token lock_token fencing_token ack_token receipt_token my_next_token',
    'public_key pub_key foreign_key primary_key natural_key cache_key sort_key partition_key range_key hash_key row_key group_key',
    'idempotency_key job_key object_key s3_key map_key hot_key i18n_key translation_key message_key event_key routing_key lookup_key',
    'index_key unique_key composite_key bucket_key sequence_key schema_key shard_key storage_key registry_key property_key host_key',
    'known_host_key known_hosts_key websocket_key web_socket_key dedup_key dedupe_key deduplication_key redis_key queue_key',
    'topic_key cert_key certificate_key kms_key data_key file_key config_key setting_key metric_key label_key restore_key',
    'restored_from_key from_key my_cache_key cacheKey Sec-WebSocket-Key',
    'next_tokens eosTokens public_keys foreign_keys idempotencyKeys my_keys passkeys',
    'name user id value note x',
  ),
)('beside other names it is none: %s', (name) => {
  expect(classifyName(name)).toBeUndefined();
});

it('a name is the same however it is written', () => {
  for (const name of [
    'api_key',
    'api-key',
    'api.key',
    'API KEY',
    'apiKey',
    'Api__Key',
    '--api-key',
    '_api_key_',
  ]) {
    expect(classifyName(name)).toEqual({ kind: 'api-key', strong: true });
    // Again, when it is remembered.
    expect(classifyName(name)).toEqual({ kind: 'api-key', strong: true });
  }
  expect(classifyName(`${'x'.repeat(200)}_password`)?.kind).toBe('password');
});

it.each([
  ['api_keys', 'api-key'],
  ['X-Api-Keys', 'api-key'],
  ['tokens', 'token'],
  ['refreshTokens', 'token'],
  ['secrets', 'secret'],
  ['clientSecrets', 'secret'],
  ['signing_keys', 'secret-key'],
  ['stripe_keys', 'stripe-key'],
  ['tokens_old', 'token'],
])('of several of them some may be in a list: %s', (name, kind) => {
  expect(classifyName(name)).toEqual({ kind, strong: false, several: true });
});
