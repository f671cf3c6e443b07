// Verifies access tokens as a service in another language would: with a stock JOSE library and what the server publishes.
// Arguments: address of the key set, issuer, audience. Each line in is {"token", "now", "forget"?}; each line out is {"sub"} or {"error"}.
import { createInterface } from 'node:readline';
import { createRemoteJWKSet, jwtVerify } from 'jose';

const [keySet, issuer, audience] = process.argv.slice(2);
let keys = createRemoteJWKSet(new URL(keySet));

for await (const line of createInterface({ input: process.stdin })) {
  const { token, now, forget } = JSON.parse(line);
  if (forget) keys = createRemoteJWKSet(new URL(keySet));
  let answer;
  try {
    const { payload } = await jwtVerify(token, keys, {
      issuer, audience, algorithms: ['ES256'], typ: 'at+jwt', currentDate: new Date(now), requiredClaims: ['sub', 'sid', 'tid', 'jti', 'iat', 'exp'],
    });
    answer = { sub: payload.sub };
  } catch (error) {
    answer = { error: error.code ?? String(error) };
  }
  console.log(JSON.stringify(answer));
}
