// A device that has no browser, with openid-client. It prints the code that its user types elsewhere, then what it got.
import * as client from "openid-client";

const [server, issuer, id] = process.argv.slice(2);
const local = (url, options) => fetch(String(url).replace(issuer, server), options);
const config = await client.discovery(new URL(issuer), id, undefined, client.None(), {
  execute: [client.allowInsecureRequests],
  [client.customFetch]: local,
});
const begun = await client.initiateDeviceAuthorization(config, { scope: "openid email" });
console.log(begun.user_code);
const tokens = await client.pollDeviceAuthorizationGrant(config, begun);
const again = await client.pollDeviceAuthorizationGrant(config, begun).then(
  () => "none",
  error => error.error ?? error.cause?.error ?? error.code,
);
console.log(JSON.stringify({ subject: tokens.claims().sub, again }));
