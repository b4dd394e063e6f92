// Answers for the field pages while there is no network, from what field.js kept. It keeps nothing itself and changes nothing.
"use strict";

const KEPT = "field";

self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));
self.addEventListener("fetch", (event) => {
  const { request } = event;
  if (request.method !== "GET" || new URL(request.url).origin !== self.location.origin) return;
  event.respondWith(answer(request));
});

async function answer(request) {
  try {
    return await fetch(request);
  } catch (failure) {
    const kept = await caches.open(KEPT);
    const found = await kept.match(request, { ignoreSearch: request.mode === "navigate", ignoreVary: true });
    if (found) return found;
    const start = request.mode === "navigate" && (await kept.match("/field/", { ignoreVary: true }));
    if (start) return start;
    throw failure;
  }
}
