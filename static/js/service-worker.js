// Pages of a module that is not sensitive, kept while its pupil sits here; and what was done without network, sealed to
// the server. The device cannot read an entry back. Written for Chromium 80 and Safari 13.1.
"use strict";
const SCOPE = new URL(self.registration.scope).pathname;
const KEPT = "balise-kept", SHELL = "balise-shell", NOTE = SCOPE + "-/last", IDLE = 20 * 60 * 1000, BLOCK = 4096;
const SLUG = /^me\/([-\w]+)\/(?:(\d+)|questions\/(before|after)(\/save)?)\/$/;

self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));

// The outbox: entries in order, and one request to leave the seat that could not be sent.
const open = () => new Promise((resolve, reject) => {
  const wanted = indexedDB.open("balise-outbox", 1);
  wanted.onupgradeneeded = () => wanted.result.createObjectStore("entries", { keyPath: "id", autoIncrement: true });
  wanted.onsuccess = () => resolve(wanted.result);
  wanted.onerror = () => reject(wanted.error);
});
const store = async (mode, act) => {
  const database = await open();
  return new Promise((resolve, reject) => {
    const transaction = database.transaction("entries", mode);
    const asked = act(transaction.objectStore("entries"));
    transaction.oncomplete = () => { database.close(); resolve(asked && asked.result); };
    transaction.onerror = transaction.onabort = () => { database.close(); reject(transaction.error); };
  });
};
const entries = () => store("readonly", (box) => box.getAll());
const drop = (id) => store("readwrite", (box) => box.delete(id));

const joined = (...parts) => {
  const whole = new Uint8Array(parts.reduce((length, part) => length + part.byteLength, 0));
  parts.reduce((at, part) => { whole.set(new Uint8Array(part), at); return at + part.byteLength; }, 0);
  return whole;
};
const seal = async (key, entry) => {
  const curve = { name: "ECDH", namedCurve: "P-256" }, subtle = crypto.subtle;
  const bytes = Uint8Array.from(atob(key), (letter) => letter.charCodeAt(0));
  const theirs = await subtle.importKey("raw", bytes, curve, false, []);
  const own = await subtle.generateKey(curve, true, ["deriveBits"]);
  const point = await subtle.exportKey("raw", own.publicKey);
  const agreed = await subtle.deriveBits({ name: "ECDH", public: theirs }, own.privateKey, 256);
  const secret = await subtle.importKey(
    "raw", await subtle.digest("SHA-256", joined(agreed, point)), "AES-GCM", false, ["encrypt"]);
  const text = JSON.stringify(entry), nonce = crypto.getRandomValues(new Uint8Array(12));
  const padded = new TextEncoder().encode(text.padEnd(Math.ceil(text.length / BLOCK) * BLOCK));
  return joined(point, nonce, await subtle.encrypt({ name: "AES-GCM", iv: nonce }, secret, padded)).buffer;
};
const tell = async (more) => {
  const waiting = (await entries()).filter((entry) => entry.sealed).length;
  (await self.clients.matchAll()).forEach((client) => client.postMessage(Object.assign({ waiting }, more)));
};
let flushing = null;
const flush = () => (flushing = flushing || sendAll().catch(() => {}).then(() => { flushing = null; }));
const sendAll = async () => {
  for (const entry of (await entries()).sort((one, other) => Boolean(other.leave) - Boolean(one.leave))) {
    if (entry.leave) {
      const body = new URLSearchParams(entry.leave); // whose sitting it ends stands in it
      if ((await fetch(SCOPE + "stand-up/", { method: "POST", body, redirect: "manual" })).status >= 500) return;
      await drop(entry.id);
      continue;
    }
    const answer = await fetch(SCOPE + "late/", { method: "POST", body: entry.sealed, credentials: "omit" });
    if (answer.status >= 500 || answer.status === 429) return;
    await drop(entry.id);
    await tell({ state: answer.status === 204 ? "in" : answer.status === 409 ? "twice" : "gone" });
  }
  await tell({});
};

// Kept pages.
const purge = () => caches.delete(KEPT);
const touch = async () => (await caches.open(KEPT)).put(NOTE, new Response(String(Date.now())));
const kept = async (path) => {
  const cache = await caches.open(KEPT), note = await cache.match(NOTE);
  const idle = note ? Date.now() - Number(await note.text()) : -1;
  if (idle >= 0 && idle < IDLE) return cache.match(path);
  await purge();
  return undefined;
};
const manifest = async (slug) => {
  const found = await kept(SCOPE + "me/" + slug + "/kept/");
  return found && found.json();
};
const keep = async (address) => {
  const answer = await fetch(address);
  if (!answer.ok || answer.redirected) return;
  const cache = await caches.open(KEPT), known = await cache.match(address);
  const wanted = await answer.clone().json();
  if (known && (await known.json()).mark === wanted.mark) return;
  const statics = new Set();
  for (const page of wanted.pages) {
    const got = await fetch(page, { headers: { "X-Balise-Keep": "1" } });
    if (!got.ok || got.redirected || !got.headers.get("X-Balise-Keep")) continue;
    ((await got.clone().text()).match(/"\/static\/[^"#]+/g) || []).forEach((found) => statics.add(found.slice(1)));
    await cache.put(page, got);
  }
  const shell = await caches.open(SHELL);
  for (const file of [...statics, SCOPE + "bye/"]) {
    const got = await fetch(file, { headers: { "X-Balise-Keep": "1" } });
    if (got.ok) await shell.put(file, got);
  }
  await cache.put(address, answer);
  await touch();
};

const isLeaving = async () => (await entries()).some((entry) => entry.leave);
const show = async (request, path) => {
  try {
    if (await isLeaving()) await flush();
    if (await isLeaving()) throw new Error("somebody else's sitting has not ended yet");
    const answer = await fetch(request);
    flush();
    if (/^(sit|bye|card)\//.test(path)) await purge();
    else if (answer.ok) await touch();
    return answer;
  } catch (error) {
    if (await isLeaving()) return (await caches.match(SCOPE + "bye/")) || Response.error();
    return (await kept(SCOPE + path)) || Response.error();
  }
};
const send = async (event, path, copy) => {
  try {
    const answer = await fetch(event.request);
    flush();
    return answer;
  } catch (error) {
    const [, slug, number, moment, saves] = path.match(SLUG);
    const known = await manifest(slug);
    if (!known) throw error;
    const fields = Array.from(new URLSearchParams(await copy.text())).filter(([name]) => name !== "csrfmiddlewaretoken");
    const kind = number ? "step" : saves ? "save" : "submit";
    const name = moment ? slug + "/" + moment : slug, by = (fields.find(([field]) => field === "page") || [])[1];
    const sealed = await seal(known.key, { kind, number: Number(number || 0), moment, fields, ticket: known.ticket });
    for (const entry of await entries()) if (by && entry.by === by) await drop(entry.id);
    await store("readwrite", (box) => box.add({ name, by: saves ? by : "", sealed }));
    if (self.registration.sync) self.registration.sync.register("outbox").catch(() => {});
    await touch();
    await tell({});
    if (saves) return new Response(null, { status: 202 });
    const next = number ? (Number(number) < known.steps ? Number(number) + 1 : "questions/after")
      : moment === "before" ? 1 : "waits";
    return Response.redirect(SCOPE + "me/" + slug + "/" + next + "/", 303);
  }
};
const leave = async (request) => {
  const copy = request.clone();
  await purge();
  try {
    return await fetch(request);
  } catch (error) {
    const leaving = await copy.text();
    await store("readwrite", (box) => box.add({ leave: leaving }));
    return Response.redirect(SCOPE + "bye/", 303);
  }
};

self.addEventListener("fetch", (event) => {
  const url = new URL(event.request.url), { method, mode } = event.request;
  if (url.origin !== self.location.origin) return;
  if (method === "GET" && url.pathname.startsWith("/static/")) {
    event.respondWith(fetch(event.request).catch(async () => (await caches.match(url.pathname)) || Response.error()));
    return;
  }
  if (!url.pathname.startsWith(SCOPE)) return;
  const path = url.pathname.slice(SCOPE.length);
  if (method === "GET" && mode === "navigate" && /^(me|sit|bye|card)\//.test(path)) event.respondWith(show(event.request, path));
  else if (method === "POST" && path === "stand-up/") event.respondWith(leave(event.request));
  else if (method === "POST" && SLUG.test(path)) event.respondWith(send(event, path, event.request.clone()));
});
self.addEventListener("message", (event) => {
  if (event.data.keep) event.waitUntil(keep(event.data.keep).then(() => tell({ ready: true }), () => tell({})));
  else event.waitUntil(flush().then(() => tell({})));
});
self.addEventListener("sync", (event) => event.waitUntil(flush()));
