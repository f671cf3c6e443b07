// The browser of a user: cookies, and redirects of the server itself are followed.
import { createPrivateKey } from "node:crypto";

export function visitor(server, issuer) {
  const cookies = new Map();
  const browse = async (url, init = {}) => {
    const answer = await fetch(String(url).replace(issuer, server), {
      redirect: "manual",
      ...init,
      headers: { ...init.headers, cookie: [...cookies].map(([name, value]) => `${name}=${value}`).join("; ") },
    });
    for (const cookie of answer.headers.getSetCookie()) {
      const [name, value] = cookie.split(";")[0].split(/=(.*)/);
      cookies.set(name, value);
    }
    return answer;
  };
  // Up to the application, or to a page of the server that needs an answer.
  const follow = async url => {
    for (let i = 0; i < 5; i++) {
      const answer = await browse(url);
      const location = answer.headers.get("location");
      if (!location) throw new Error(`${url}: ${answer.status} ${await answer.text()}`);
      if (!location.startsWith("/")) return new URL(location);
      url = server + location;
    }
    throw new Error("in circles");
  };
  return { browse, follow };
}

export async function signedInVisitor(server, issuer, email, password) {
  const { browse, follow } = visitor(server, issuer);
  const signedIn = await browse(`${server}/v1/sessions`, {
    method: "POST",
    headers: { "content-type": "application/json", "gatehouse-request": "1", "sec-fetch-site": "same-origin", origin: server },
    body: JSON.stringify({ identifier: email, password, transport: "cookie" }),
  });
  if (signedIn.status !== 201) throw new Error(`sign-in: ${signedIn.status} ${await signedIn.text()}`);
  return follow;
}

export const privateKey = pem =>
  crypto.subtle.importKey("pkcs8", createPrivateKey(pem).export({ format: "der", type: "pkcs8" }), { name: "ECDSA", namedCurve: "P-256" }, false, ["sign"]);
