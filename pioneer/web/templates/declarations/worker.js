// Opens the declaring form where there is no connection. It keeps the pages' own files and one page that belongs to
// nobody; what belongs to a person lies in the browser's store, by account, and never here.
"use strict";
const NAME = "declaring-{{ version }}";
const SHELL = {{ shell|safe }};
const PAGES = {{ pages|safe }};
const FILES = {{ files|safe }};
const PATIENCE = 6000;

self.addEventListener("install", (event) => {
  event.waitUntil((async () => {
    const kept = await caches.open(NAME);
    for (const address of [SHELL, ...FILES]) {
      const answer = await fetch(address, { credentials: "omit", cache: "reload" });
      if (!answer.ok) throw new Error(address);
      await kept.put(address, answer);
    }
    await self.skipWaiting();
  })());
});
self.addEventListener("activate", (event) => {
  event.waitUntil((async () => {
    for (const name of await caches.keys()) if (name.startsWith("declaring-") && name !== NAME) await caches.delete(name);
    await self.clients.claim();
  })());
});

function patiently(request) {
  return new Promise((done, fail) => {
    setTimeout(() => fail(new Error("slow")), PATIENCE);
    fetch(request).then(done, fail);
  });
}
async function keptOr(request, address) {
  try {
    return await patiently(request);
  } catch {
    const kept = await caches.open(NAME);
    return (await kept.match(address, { ignoreVary: true })) || Response.error();
  }
}
self.addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== "GET" || url.origin !== self.location.origin) return;
  if (request.mode === "navigate") {
    if (PAGES.includes(url.pathname) && !url.searchParams.has("member")) event.respondWith(keptOr(request, SHELL));
  } else if (FILES.includes(url.pathname)) {
    event.respondWith(keptOr(request, url.pathname));
  }
});
