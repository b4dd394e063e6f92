// What a phone keeps of field work until the server has acknowledged it: drafts with their photographs, in IndexedDB.
// On globalThis, since a page answered to an upload is written into the same window and runs this again.
globalThis.fieldStore = (() => {
  "use strict";

  const NAME = "field";
  const STORE = "drafts";
  let opened = null;

  const open = () => {
    opened ??= new Promise((done, failed) => {
      const asked = indexedDB.open(NAME, 1);
      asked.onupgradeneeded = () => asked.result.createObjectStore(STORE, { keyPath: "id" });
      asked.onsuccess = () => done(asked.result);
      asked.onerror = () => failed(asked.error);
    });
    return opened;
  };
  // "strict": on the disk, not merely handed over. A battery can be empty a second later.
  const run = async (mode, ask) => {
    const work = (await open()).transaction(STORE, mode, { durability: "strict" });
    return new Promise((done, failed) => {
      const asked = ask(work.objectStore(STORE));
      work.oncomplete = () => done(asked.result);
      work.onerror = work.onabort = () => failed(work.error);
    });
  };

  return {
    get: (id) => run("readonly", (store) => store.get(id)),
    all: () => run("readonly", (store) => store.getAll()),
    put: (draft) => run("readwrite", (store) => store.put(draft)),
    drop: (id) => run("readwrite", (store) => store.delete(id)),
    // Everything off this phone: drafts, kept pages.
    purge: async () => {
      await run("readwrite", (store) => store.clear());
      await caches.delete(NAME);
    },
  };
})();
