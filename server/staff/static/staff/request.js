// Requests of scripts to our own server: the seal against forged forms goes with each, and what the
// server says beside its answer (HX-Trigger) becomes events, as htmx does it.
//
//   const answer = await call("POST", "/playlists/3/order/", {ids: [3, 1, 2]});
//
// `body` is sent as it is (FormData, URLSearchParams, Blob, text), a plain object as JSON.  Throws
// `Lost` without a connection and `Refusal` (status, told) where the server says no.
import { word } from "./words.js";

export class Lost extends Error {}

export class Refusal extends Error {
  constructor(status, told) {
    super(told?.error?.message ?? word("refused"));
    this.status = status;
    this.told = told;
  }
}

export function seal() {
  return document.querySelector("meta[name=csrf]")?.content ?? "";
}

export async function call(method, address, body, { headers = {}, signal } = {}) {
  const sent = new Headers({ Accept: "application/json", "X-CSRFToken": seal(), ...headers });
  if (body && [Object, Array].includes(body.constructor)) {
    body = JSON.stringify(body);
    sent.set("Content-Type", "application/json");
  }
  const answer = await fetch(address, { method, body, headers: sent, signal, credentials: "same-origin" })
    .catch((error) => { throw error.name === "AbortError" ? error : new Lost(word("lost")); });
  for (const [name, detail] of events(answer.headers.get("HX-Trigger"))) {
    document.body.dispatchEvent(new CustomEvent(name, { detail, bubbles: true }));
  }
  if (answer.redirected && new URL(answer.url).pathname === "/login/") throw new Refusal(401, { error: { message: word("login") } });
  const isJson = answer.headers.get("Content-Type")?.startsWith("application/json");
  const told = answer.status === 204 ? null : isJson ? await answer.json() : await answer.text();
  if (answer.ok) return told;
  if ([502, 503, 504].includes(answer.status)) throw new Lost(word("lost"));
  throw new Refusal(answer.status, told);
}

function events(header) {
  return header?.startsWith("{") ? Object.entries(JSON.parse(header)) : [];
}

// htmx takes the same seal, and says in a toast what it could not do.
document.addEventListener("htmx:configRequest", (event) => { event.detail.headers["X-CSRFToken"] = seal(); });
