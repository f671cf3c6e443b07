// A client with a stock library: node clients.mjs SERVER ISSUER CLIENT_ID CLIENT_SECRET. Prints what it got as JSON.
import * as client from "openid-client";

const [server, issuer, id, secret] = process.argv.slice(2);
const local = (url, options) => fetch(String(url).replace(issuer, server), options);
const steps = {};
for (const [name, method] of [["basic", client.ClientSecretBasic(secret)], ["post", client.ClientSecretPost(secret)]]) {
  const config = await client.discovery(new URL(issuer), id, undefined, method, {
    algorithm: "oauth2",
    execute: [client.allowInsecureRequests],
    [client.customFetch]: local,
  });
  const tokens = await client.clientCredentialsGrant(config, { scope: "tokens:introspect" });
  const before = await client.tokenIntrospection(config, tokens.access_token);
  await client.tokenRevocation(config, tokens.access_token);
  const after = await client.tokenIntrospection(config, tokens.access_token);
  let rejected = null;
  try {
    await client.clientCredentialsGrant(config, { scope: "users:write" });
  } catch (error) {
    rejected = error.error;
  }
  steps[name] = { expires: tokens.expires_in, type: tokens.token_type, before, after, rejected };
}
console.log(JSON.stringify(steps));
