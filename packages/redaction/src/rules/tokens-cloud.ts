import type { Rule } from '../engine/rule.ts';
import { token } from './token.ts';

// Kinds and formats after the rules of gitleaks (MIT, see NOTICE) and the providers' documentation.
const any = '[A-Za-z0-9]';
const word = '[\\w-]';
const hex = '[0-9a-fA-F]';
// AWS' own examples end so; they are in everybody's documentation.
const notExample = '(?!EXAMPLE)';

/** Clouds, databases, identity, secrets, monitoring. */
export const cloudTokens: readonly Rule[] = [
  token('aws-key-id', ['AKIA', 'ASIA', 'ABIA', 'ACCA'], `(?:${notExample}[A-Z0-9]){16}`, {
    bits: 2.5,
    plain: true,
    end: '(?![A-Za-z0-9/+])',
  }),
  token('aws-bedrock-key', 'ABSK', `[A-Za-z0-9+/]{100,140}={0,2}`, {
    plain: true,
    solid: true,
    end: '(?![A-Za-z0-9+/=])',
  }),
  token('aws-bedrock-short-key', 'bedrock-api-key-', `[A-Za-z0-9+/]{40,1600}={0,2}`, { end: '' }),
  token('aws-session-token', ['IQoJb3JpZ2lu', 'FwoGZXIvYXdz'], '[A-Za-z0-9+/]{80,1600}={0,2}', { end: '' }),
  token('google-key', 'AIza', `${word}{35}`, { bits: 3, end: '(?![\\w-])' }),
  token('google-access-token', 'ya29.', `${word}{20,1600}`, { end: '' }),
  token('google-client-secret', 'GOCSPX-', `${word}{20,40}`, { end: '' }),
  token('google-refresh-token', '1//0', `${word}{40,200}`, { end: '' }),
  token('alibaba-key-id', 'LTAI', `${any}{16,26}`),
  token('tencent-secret-id', 'AKID', `${any}{32}`),
  token('yandex-key', 'AQVN', `${word}{35,40}`, { end: '' }),
  token('yandex-aws-key', 'YC', `${word}{38}`, { bits: 3.5, end: '(?![\\w-])' }),
  token('yandex-token', ['t1.', 'y0_'], `${word}{6,200}={0,2}(?:\\.${word}{40,100}={0,2})?`, {
    bits: 3.5,
    end: '',
  }),
  token('digitalocean-token', ['dop_v1_', 'doo_v1_', 'dor_v1_'], `${hex}{40,64}`),
  token('scaleway-key', 'SCW', '[A-Z0-9]{17}', { bits: 3 }),
  token('cloudflare-origin-ca-key', 'v1.0-', `${hex}{24}-${hex}{100,146}`),
  token('cloudflare-token', ['cfut_', 'cfat_', 'cfk_'], `${word}{36,80}`, { end: '' }),
  token('hashicorp-vault-token', ['hvs.', 'hvb.', 'hvr.'], `${word}{20,300}`, { end: '' }),
  token('hashicorp-vault-legacy-token', 's.', `(?=[A-Za-z]{0,22}\\d)${any}{24}`, {
    bits: 3,
    end: '(?![\\w.-])',
  }),
  token('databricks-token', 'dapi', `${hex}{32}(?:-\\d)?`),
  token('dynatrace-token', ['dt0c01.', 'dt0s01.', 'dt0s16.'], `${any}{20,30}\\.${any}{64}`),
  token('grafana-cloud-token', 'glc_', '[A-Za-z0-9+/]{32,400}={0,3}', { bits: 3.5, end: '' }),
  token('grafana-service-account-token', 'glsa_', `${any}{32}_${hex}{8}`),
  token('grafana-key', 'eyJrIjoi', `[A-Za-z0-9+/]{40,400}={0,3}`, { end: '' }),
  token('newrelic-key', ['NRAK-', 'NRII-', 'NRJS-', 'NRAA-', 'NRRA-'], `${word}{19,42}`, { end: '' }),
  token('sentry-org-token', 'sntrys_eyJ', '[A-Za-z0-9+/]{40,500}={0,2}(?:_[A-Za-z0-9+/]{43})?', { end: '' }),
  token('sentry-user-token', 'sntryu_', `${hex}{64}`),
  token('honeycomb-key', ['hcaik_', 'hcalk_', 'hcxik_', 'hcxlk_', 'hcamk_'], `${any}{30,70}`),
  token('datadog-key', ['ddapi_', 'ddapp_'], `${any}{30,50}`),
  token('logfire-token', 'pylf_v', `\\d_[a-z]{2,8}_${any}{30,60}`),
  token('openshift-token', 'sha256~', `${word}{43}`, { bits: 3.5, end: '' }),
  token(
    'doppler-token',
    ['dp.pt.', 'dp.st.', 'dp.ct.', 'dp.sa.', 'dp.scim.', 'dp.audit.'],
    '[\\w.-]{40,64}',
    { end: '' },
  ),
  token('onepassword-service-token', 'ops_eyJ', '[A-Za-z0-9+/]{60,2000}={0,3}', { end: '' }),
  token(
    'onepassword-secret-key',
    'A3-',
    `(?:[A-Z0-9]{6}-)(?:[A-Z0-9]{11}|[A-Z0-9]{6}-[A-Z0-9]{5})(?:-[A-Z0-9]{5}){3}`,
  ),
  token('age-secret-key', 'AGE-SECRET-KEY-1', '[QPZRY9X8GF2TVDW0S3JN54KHCE6MUA7L]{40,58}'),
  token('clickhouse-key', '4b1d', `${any}{38}`, { bits: 3.5 }),
  token('planetscale-token', ['pscale_tkn_', 'pscale_pw_', 'pscale_oauth_'], '[\\w=.-]{32,64}', { end: '' }),
  token('neon-key', 'napi_', `${any}{40,80}`),
  token('supabase-key', ['sbp_', 'sb_secret_', 'sb_publishable_'], `${word}{16,128}`, { end: '' }),
  token('pinecone-key', 'pcsk_', `${word}{30,120}`, { end: '' }),
  token(
    'authress-key',
    ['sc_', 'ext_', 'scauth_', 'authress_'],
    `[a-z0-9]{5,30}\\.[a-z0-9]{4,6}\\.acc[_-][a-z0-9-]{10,32}\\.[A-Za-z0-9+/_=-]{30,120}`,
    { end: '' },
  ),
  token('rancher-token', 'token-', `[a-z0-9]{5}:[a-z0-9]{54}`),
  token('kubeconfig-bootstrap', 'k10', `${hex}{20,70}::(?:server|agent|node):${hex}{20,70}`),
];
