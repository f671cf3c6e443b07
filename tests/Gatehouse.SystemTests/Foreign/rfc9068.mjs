// Checks access tokens as a resource server does that knows RFC 9068, by oauth4webapi. Arguments: issuer, address of the key set, audience. Each line in is a token; each
// line out is {"claims"} or {"error"}.
import { createInterface } from 'node:readline';
import * as oauth from 'oauth4webapi';

const [issuer, keySet, audience] = process.argv.slice(2);
const server = { issuer, jwks_uri: keySet };

for await (const token of createInterface({ input: process.stdin })) {
  let answer;
  try {
    const request = new Request('https://service.example/', { headers: { authorization: `Bearer ${token}` } });
    answer = { claims: await oauth.validateJwtAccessToken(server, request, audience, { [oauth.allowInsecureRequests]: true }) };
  } catch (error) {
    answer = { error: `${error.code ?? ''} ${error.message ?? error}` };
  }
  console.log(JSON.stringify(answer));
}
