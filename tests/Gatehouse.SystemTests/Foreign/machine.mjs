// A machine client with a stock library: CLIENT_ID=… CLIENT_SECRET=… node machine.mjs ISSUER. Prints the names of users.
// docs: begin machine
import * as client from "openid-client";

const issuer = process.argv[2];
const { CLIENT_ID, CLIENT_SECRET } = process.env;
// Development mode has no TLS.
const options = { execute: issuer.startsWith("http://localhost:") ? [client.allowInsecureRequests] : [] };
const config = await client.discovery(new URL(issuer), CLIENT_ID, undefined, client.ClientSecretBasic(CLIENT_SECRET), options);
let tokens;

// One token is for all calls of its ten minutes. There is no refresh token: the next one is asked for in the same way.
async function call(path) {
  if (!tokens || tokens.expiresIn() < 30) tokens = await client.clientCredentialsGrant(config, { scope: "users:read" });
  const answer = await client.fetchProtectedResource(config, tokens.access_token, new URL(path, issuer), "GET");
  if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
  return answer.json();
}

const users = await call("/v1/users?limit=5");
for (const user of users.items) console.log(user.name);
// docs: end
