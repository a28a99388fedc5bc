import { describe, expect, it } from 'vitest';
import { asRedacted, withoutFingerprints, withoutMarks } from '../marked-text.fixture.ts';
import { redact } from '../redact.ts';

const v = '«marten4k2q»';

describe('the value of an element', () => {
  it.each([
    `<password>${v}</password>`,
    `<Password>«correct horse»</Password>`,
    `<password> \t\n ${v} \r\n </password>`,
    `<ns:password>${v}</ns:password>`,
    `<a.b-c_d:password>${v}</a.b-c_d:password>`,
    `<password type="plain">${v}</password>`,
    `<password  type='plain' x="1">${v}</password>`,
    `<db-password>${v}</db-password>`,
    `&lt;password&gt;${v}&lt;/password&gt;`,
    `&lt;ns:password&gt;${v}&lt;/ns:password&gt;`,
    `<password><![CDATA[${v}]]></password>`,
    `<password>\n  <![CDATA[«mar<4k2q»]]>\n</password>`,
    `<password><value>${v}</value></password>`,
    `<password> <ns:value>${v}</ns:value></password>`,
    `<password><string>${v}</string></password>`,
    `<setting name="password"><value>${v}</value></setting>`,
    `<setting name="password"><value><![CDATA[${v}]]></value></setting>`,
    ...['name', 'key', 'id', 'for', 'field', 'property', 'code'].map(
      (attribute) => `<entry ${attribute}="password">${v}</entry>`,
    ),
    `<entry Key='password'>${v}</entry>`,
    `<entry key="password" type="x">${v}</entry>`,
    String.raw`<entry key=\"password\">${v}</entry>`,
    `<name>db.password</name><value>${v}</value>`,
    `<key>password</key>\n\t<string>${v}</string>`,
    `<key>password</key> <ns:string>${v}</ns:string>`,
    `<k.e:y-1>password</k.e:y-1><v.a:l-1>${v}</v.a:l-1>`,
    `<password encrypted="false" value="${v}"/>`,
    `<password val='${v}' />`,
    `<password content = "${v}">x</password>`,
    `<password  data="${v}">`,
    String.raw`<password value=\"${v.replace('»', '\\»')}">`,
    `<connection user="ann" password="${v}"/>`,
    `<password>«${'x4'.repeat(990)}»</password>`,
  ])('[SEC-020] is taken out: %j', (text) => {
    expect(withoutFingerprints(redact(withoutMarks(text)))).toBe(asRedacted(text, 'password'));
  });

  it.each([
    '<password></password>',
    '<password>  </password>',
    '<password>mar\nten4k2q</password>',
    '<password/>marten4k2q</x>',
    '<password type="x"/>marten4k2q</x>',
    '<passwords-of>marten4k2q</passwords-of>',
    '<password>marten4k2q',
    '<x password>marten4k2q</x>',
    '<entry title="password">marten4k2q</entry>',
    '<entry key="password"/>marten4k2q</entry>',
    '<entry key="password">hunter</entry>',
    '<entry key="password">your new password</entry>',
    ...'label a button option th h1 legend summary span p div li input select'
      .split(' ')
      .map((tag) => `<${tag} id="password">marten4k2q</${tag}>`),
    '<key>password</string>marten4k2q</key>',
    '<key>password</key> x <string>marten4k2q</string>',
    '<key>password</key><string>mar\nten4k2q</string>',
    'x>password</key> marten4k2q',
    '<password value=""/>',
    '<sort_key>marten4k2q</sort_key>',
    '<password>${db.password}</password>',
    `<password>${'x4'.repeat(1_010)}</password>`,
  ])('is not seen where there is none: %j', (text) => {
    expect(redact(text)).toBe(text);
  });
});
