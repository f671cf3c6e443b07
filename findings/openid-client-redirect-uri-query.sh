#!/usr/bin/env bash
# Expected: a relying party whose registered redirect address has a query (RFC 6749, 3.1.2 allows one, and providers compare addresses character by character, RFC 9700, 2.1)
#   signs in with openid-client: the library sends the address with the code as it was in the authorization request.
# Happens: authorizationCodeGrant(config, currentUrl) makes redirect_uri from currentUrl and takes the whole query away, that of the registered address included. The provider
#   answers invalid_grant ("does not match"), although the authorization request was accepted. The major version before, whose callback() is told the address, sends it whole.
# Why it matters here: the rejection reads like a fault of the provider. docs/integrating.md says to register addresses without a query; with one, pass redirect_uri among the
#   additional parameters of authorizationCodeGrant.
# Seen with: openid-client 6.9.0 (oauth4webapi 3.8.8), openid-client 5.7.1, Node 20.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
echo '{"private":true,"type":"module"}' >package.json
npm install --silent --no-audit --no-fund --save-exact openid-client@6.9.0 "before@npm:openid-client@5.7.1" >/dev/null
cat >finding.mjs <<'PROGRAM'
import * as client from "openid-client";
import { Issuer } from "before";
import { createServer } from "node:http";

const registered = "https://shop.example.com/signed-in?from=gatehouse";
const sent = {};
const server = createServer(async (request, response) => {
  let body = "";
  for await (const part of request) body += part;
  sent[request.url] = new URLSearchParams(body).get("redirect_uri");
  response.writeHead(400, { "content-type": "application/json" }).end('{"error":"invalid_grant"}');
}).listen(0, "127.0.0.1");
await new Promise(done => server.once("listening", done));
const issuer = `http://127.0.0.1:${server.address().port}`;
const metadata = { issuer, authorization_endpoint: issuer + "/authorize", jwks_uri: issuer + "/keys" };
const back = new URL(registered + "&code=a&state=s");

const config = new client.Configuration({ ...metadata, token_endpoint: issuer + "/new" }, "shop", {}, client.None());
client.allowInsecureRequests(config);
await client.authorizationCodeGrant(config, back, { expectedState: "s" }).catch(() => {});
const old = new new Issuer({ ...metadata, token_endpoint: issuer + "/old" }).Client({ client_id: "shop", token_endpoint_auth_method: "none" });
await old.callback(registered, old.callbackParams(back.href), { state: "s" }).catch(() => {});
server.close();

console.log("openid-client 6.9.0 sends", sent["/new"]);
console.log("openid-client 5.7.1 sends", sent["/old"]);
process.exit(sent["/new"] === "https://shop.example.com/signed-in" && sent["/old"] === registered ? 0 : 1);
PROGRAM
node finding.mjs
