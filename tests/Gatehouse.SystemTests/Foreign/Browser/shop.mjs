// A browser application with a stock library, as it comes from npm.
// docs: begin browser-settings
import * as client from "openid-client";

// From the application's own server: { "issuer": "https://login.example.com", "clientId": "gc_…" }
const { issuer, clientId } = await (await fetch("/settings.json")).json();
// Development mode has no TLS.
const options = { execute: issuer.startsWith("http://localhost:") ? [client.allowInsecureRequests] : [] };
const config = await client.discovery(new URL(issuer), clientId, undefined, client.None(), options);
const home = `${location.origin}/`;
let tokens;
// docs: end
// docs: begin browser-sign-in
async function signIn() {
  const sent = { verifier: client.randomPKCECodeVerifier(), state: client.randomState(), nonce: client.randomNonce() };
  sessionStorage.setItem("sign-in", JSON.stringify(sent));
  location.assign(client.buildAuthorizationUrl(config, {
    redirect_uri: home,
    scope: "openid profile email",
    code_challenge: await client.calculatePKCECodeChallenge(sent.verifier),
    code_challenge_method: "S256",
    state: sent.state,
    nonce: sent.nonce,
  }));
}
// docs: end
// docs: begin browser-back
// The browser is back, with a code or an error in its address. Tokens stay in memory, where no other page and no later visit finds them.
async function finish() {
  const sent = JSON.parse(sessionStorage.getItem("sign-in"));
  const back = new URL(location.href);
  sessionStorage.removeItem("sign-in");
  history.replaceState(null, "", home);
  if (!sent) throw new Error("This tab did not begin a sign-in.");
  const checks = { pkceCodeVerifier: sent.verifier, expectedState: sent.state, expectedNonce: sent.nonce, idTokenExpected: true };
  tokens = await client.authorizationCodeGrant(config, back, checks);
}
// docs: end
// docs: begin browser-use
// For the header of calls to your services: "Authorization: Bearer …".
async function accessToken() {
  if (tokens.expiresIn() < 30) await renew();
  return tokens.access_token;
}

// Each refresh token is good for one time. The answer has a new ID token, too.
async function renew() {
  tokens = await client.refreshTokenGrant(config, tokens.refresh_token);
}

function signOut() {
  location.assign(client.buildEndSessionUrl(config, { id_token_hint: tokens.id_token, post_logout_redirect_uri: home }));
}
// docs: end

const say = text => (document.querySelector("#status").textContent = text);
const tell = async () => {
  const info = await client.fetchUserInfo(config, await accessToken(), tokens.claims().sub);
  say(`signed in ${info.email}`);
};
const perform = work => work().catch(error => say(`failed: ${error.error ?? error.code ?? error.message}`));
document.querySelector("#sign-in").addEventListener("click", () => perform(signIn));
document.querySelector("#sign-out").addEventListener("click", () => perform(async () => signOut()));
document.querySelector("#again").addEventListener("click", () => perform(async () => {
  const before = tokens;
  await renew();
  const other = before.access_token !== tokens.access_token && before.refresh_token !== tokens.refresh_token;
  const info = await client.fetchUserInfo(config, tokens.access_token, tokens.claims().sub);
  say(`renewed ${info.email} ${other}`);
}));
if (/[?&](code|error)=/.test(location.search)) await perform(async () => { await finish(); await tell(); });
else say("signed out");
