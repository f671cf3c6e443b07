// An application with stock libraries: node applications.mjs SERVER ISSUER EMAIL PASSWORD CLIENTS(JSON). Prints what it got as JSON.
import * as client from "openid-client";
import * as old from "openid-client-5";
import * as jose from "jose";
import { privateKey, signedInVisitor } from "./visitor.mjs";

const [server, issuer, email, password, clients] = process.argv.slice(2);
const local = (url, options) => fetch(String(url).replace(issuer, server), options);
const options = { execute: [client.allowInsecureRequests], [client.customFetch]: local };

const follow = await signedInVisitor(server, issuer, email, password);
const keys = jose.createLocalJWKSet(await (await local(`${issuer}/.well-known/jwks.json`)).json());
const steps = {};
for (const [name, { id, secret, key, redirect, alg, pushed }] of Object.entries(JSON.parse(clients))) {
  const how = key
    ? client.PrivateKeyJwt(await privateKey(key))
    : secret === undefined ? client.None() : name === "post" ? client.ClientSecretPost(secret) : client.ClientSecretBasic(secret);
  const config = await client.discovery(new URL(issuer), id, { id_token_signed_response_alg: alg }, how, options);
  client.enableNonRepudiationChecks(config);
  // docs: begin application
  // Keep verifier, state and nonce with the visitor's session, and send the browser to the address.
  const verifier = client.randomPKCECodeVerifier();
  const state = client.randomState();
  const nonce = client.randomNonce();
  const parameters = {
    redirect_uri: redirect,
    scope: "openid profile email offline_access",
    code_challenge: await client.calculatePKCECodeChallenge(verifier),
    code_challenge_method: "S256",
    state,
    nonce,
    max_age: "3600",
  };
  // docs: end
  const url = pushed ? await client.buildAuthorizationUrlWithPAR(config, parameters) : client.buildAuthorizationUrl(config, parameters);
  const back = await follow(url);
  // docs: begin application-callback
  // `back` is the address that the browser was sent to.
  const checks = { pkceCodeVerifier: verifier, expectedState: state, expectedNonce: nonce, idTokenExpected: true, maxAge: 3600 };
  const tokens = await client.authorizationCodeGrant(config, back, checks);
  // docs: end
  const { payload, protectedHeader } = await jose.jwtVerify(tokens.id_token, keys, { issuer, audience: id });
  const hash = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(tokens.access_token));
  // docs: begin application-use
  const info = await client.fetchUserInfo(config, tokens.access_token, tokens.claims().sub);
  const next = await client.refreshTokenGrant(config, tokens.refresh_token);
  // docs: end
  let replay = null;
  try {
    await client.authorizationCodeGrant(config, back, checks);
  } catch (error) {
    replay = error.error ?? error.cause?.error ?? error.code;
  }
  const silent = await follow(client.buildAuthorizationUrl(config, { redirect_uri: redirect, scope: "openid", prompt: "none", state, nonce,
    code_challenge: parameters.code_challenge, code_challenge_method: "S256" }));
  if (secret !== undefined || key) await client.tokenRevocation(config, next.refresh_token);
  steps[name] = {
    alg: protectedHeader.alg,
    subject: payload.sub,
    halfHash: payload.at_hash === jose.base64url.encode(new Uint8Array(hash).slice(0, 16)),
    authTime: typeof payload.auth_time,
    email: info.email,
    verified: info.email_verified,
    sameSubject: next.claims().sub === payload.sub && next.claims().auth_time === payload.auth_time,
    rotated: next.refresh_token !== tokens.refresh_token,
    replay,
    silent: silent.searchParams.has("code"),
    end: client.buildEndSessionUrl(config, { id_token_hint: tokens.id_token }).pathname,
  };
}

// The major version before, in its default setting, which takes RS256 and nothing else.
const first = Object.values(JSON.parse(clients))[0];
old.custom.setHttpOptionsDefaults({ timeout: 10000 });
const document = await (await local(`${issuer}/.well-known/openid-configuration`)).json();
const here = Object.fromEntries(Object.entries(document).map(([name, value]) =>
  [name, name !== "issuer" && typeof value === "string" ? value.replace(issuer, server) : value]));
const before = new new old.Issuer(here).Client({ client_id: first.id, client_secret: first.secret, redirect_uris: [first.redirect], response_types: ["code"] });
const verifier = old.generators.codeVerifier();
const back = await follow(before.authorizationUrl({ scope: "openid email", code_challenge: old.generators.codeChallenge(verifier), code_challenge_method: "S256", state: "s", nonce: "n" }));
const got = await before.callback(first.redirect, before.callbackParams(back.href), { code_verifier: verifier, state: "s", nonce: "n" });
steps.before = { subject: got.claims().sub, email: (await before.userinfo(got)).email };
console.log(JSON.stringify(steps));
