// An application with oauth4webapi, which does one step at a time, good and bad: node oauth4webapi.mjs SERVER ISSUER EMAIL PASSWORD CLIENTS(JSON). Prints what it got as JSON.
import * as oauth from "oauth4webapi";
import { privateKey, signedInVisitor, visitor } from "./visitor.mjs";

const [server, issuer, email, password, clients] = process.argv.slice(2);
const all = { [oauth.allowInsecureRequests]: true, [oauth.customFetch]: (url, options) => fetch(String(url).replace(issuer, server), options) };
const follow = await signedInVisitor(server, issuer, email, password);
const stranger = visitor(server, issuer);
const as = await oauth.processDiscoveryResponse(new URL(issuer), await oauth.discoveryRequest(new URL(issuer), all));
const slash = await oauth.processDiscoveryResponse(new URL(issuer + "/"), await oauth.discoveryRequest(new URL(issuer + "/"), all));

// What a rejection is in this library's words: its code, or the error of the server with its status.
const rejected = async work => {
  try {
    await work();
    return "none";
  } catch (error) {
    if (error instanceof oauth.ResponseBodyError) return `${error.status} ${error.error}`;
    if (error instanceof oauth.AuthorizationResponseError) return error.error;
    if (error instanceof oauth.WWWAuthenticateChallengeError)
      return `${error.status} ${error.cause.map(one => [one.scheme, one.parameters.realm, one.parameters.error].filter(Boolean).join(" "))}`;
    return error.code ?? String(error);
  }
};

const steps = { sameIssuer: slash.issuer === as.issuer };
const others = Object.values(JSON.parse(clients));
for (const [name, { id, secret, key, redirect, alg }] of Object.entries(JSON.parse(clients))) {
  const client = { client_id: id, id_token_signed_response_alg: alg, require_auth_time: true, default_max_age: 3600 };
  const proof = key ? oauth.PrivateKeyJwt(await privateKey(key))
    : secret === undefined ? oauth.None() : name === "post" ? oauth.ClientSecretPost(secret) : oauth.ClientSecretBasic(secret);
  const begin = async (more = {}) => {
    const verifier = oauth.generateRandomCodeVerifier();
    const state = oauth.generateRandomState();
    const nonce = oauth.generateRandomNonce();
    const parameters = { client_id: id, redirect_uri: redirect, response_type: "code", scope: "openid profile email offline_access", state, nonce,
      code_challenge: await oauth.calculatePKCECodeChallenge(verifier), code_challenge_method: "S256", ...more };
    // All of them push their requests.
    const pushed = await oauth.processPushedAuthorizationResponse(as, client, await oauth.pushedAuthorizationRequest(as, client, proof, parameters, all));
    const url = new URL(as.authorization_endpoint);
    url.search = new URLSearchParams({ client_id: id, request_uri: pushed.request_uri });
    return { verifier, state, nonce, url };
  };
  const redeem = async (flow, back, verifier = flow.verifier, nonce = flow.nonce, who = client, how = proof, where = redirect) => {
    const answer = await oauth.authorizationCodeGrantRequest(as, who, how, oauth.validateAuthResponse(as, who, back, flow.state), where, verifier, all);
    const tokens = await oauth.processAuthorizationCodeResponse(as, who, answer, { expectedNonce: nonce, maxAge: 3600, requireIdToken: true });
    await oauth.validateApplicationLevelSignature(as, answer, all);
    return tokens;
  };
  const refresh = async (token, more = {}, who = client, how = proof) =>
    oauth.processRefreshTokenResponse(as, who, await oauth.refreshTokenGrantRequest(as, who, how, token, { ...all, additionalParameters: more }));
  const userInfo = async (token, subject) =>
    oauth.processUserInfoResponse(as, client, subject, await oauth.userInfoRequest(as, client, token, all));

  const flow = await begin();
  const back = await follow(flow.url);
  const bad = {
    state: await rejected(() => oauth.validateAuthResponse(as, client, back, "another state")),
    issuer: await rejected(() => oauth.validateAuthResponse({ ...as, issuer: "https://other.example" }, client, back, flow.state)),
    verifier: await rejected(() => redeem(flow, back, oauth.generateRandomCodeVerifier())),
    address: await rejected(() => redeem(flow, back, flow.verifier, flow.nonce, client, proof, "https://shop.example.com/other")),
  };
  const tokens = await redeem(flow, back);
  const claims = oauth.getValidatedIdTokenClaims(tokens);
  const info = await userInfo(tokens.access_token, claims.sub);
  const access = await oauth.validateJwtAccessToken(as, new Request("https://service.example/", { headers: { authorization: `Bearer ${tokens.access_token}` } }), issuer, all);
  bad.subject = await rejected(() => userInfo(tokens.access_token, "somebody else"));
  const next = await refresh(tokens.refresh_token);
  bad.scope = await rejected(() => refresh(next.refresh_token, { scope: "openid groups" }));
  const other = others.find(one => one.id !== id && one.secret !== undefined);
  bad.client = await rejected(() => refresh(next.refresh_token, {}, { client_id: other.id }, other === others[1] ? oauth.ClientSecretPost(other.secret) : oauth.ClientSecretBasic(other.secret)));
  const last = await refresh(next.refresh_token, { scope: "openid" });
  bad.code = await rejected(() => redeem(flow, back));
  bad.refresh = await rejected(() => refresh(last.refresh_token));
  bad.userInfo = await rejected(() => userInfo(last.access_token, claims.sub));
  const wrong = await begin();
  const returned = await follow(wrong.url);
  bad.nonce = await rejected(() => redeem(wrong, returned, wrong.verifier, "another nonce"));
  const silent = await begin({ prompt: "none" });
  bad.silent = await rejected(async () => oauth.validateAuthResponse(as, client, await stranger.follow(silent.url), silent.state));
  bad.pushed = await rejected(() => begin({ prompt: "none login" }));
  bad.secret = secret === undefined ? null : await rejected(() => refresh("x", {}, client, oauth.ClientSecretBasic("wrong")));

  // Asking about tokens, and revoking them.
  const again = await begin();
  const fresh = await redeem(again, await follow(again.url));
  const active = async token => secret === undefined && !key ? null : (await oauth.processIntrospectionResponse(as, client, await oauth.introspectionRequest(as, client, proof, token, all))).active;
  const before = await active(fresh.access_token);
  await oauth.processRevocationResponse(await oauth.revocationRequest(as, client, proof, fresh.refresh_token, all));
  steps[name] = {
    subject: claims.sub, email: info.email, audience: access.aud, type: tokens.token_type, scope: tokens.scope, narrowed: last.scope,
    before, after: await active(fresh.access_token), bad,
  };
}

console.log(JSON.stringify(steps));
