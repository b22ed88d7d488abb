// What this phone keeps for the person signed in, so that declaring works without a connection: the form's choices, the
// draft, its photographs, what waits to be sent. All of it by account; signing out removes it.
"use strict";
const Kept = (() => {
  const STORES = ["people", "drafts", "photographs", "waiting"];
  const OLD = 30 * 24 * 60 * 60 * 1000;
  const LOGOUT = "/accounts/logout/";
  let opening;

  function settled(asked) {
    return new Promise((done, fail) => {
      asked.onsuccess = () => done(asked.result);
      asked.onerror = () => fail(asked.error);
    });
  }
  function open() {
    if (!opening) {
      const asked = indexedDB.open("declaring", 1);
      asked.onupgradeneeded = () => {
        for (const name of STORES) asked.result.createObjectStore(name, { keyPath: name === "waiting" ? "key" : "account" });
      };
      opening = settled(asked);
    }
    return opening;
  }
  async function within(names, mode, act) {
    const made = (await open()).transaction(names, mode);
    const over = new Promise((done, fail) => {
      made.oncomplete = done;
      made.onerror = made.onabort = () => fail(made.error);
    });
    const result = await act(made);
    await over;
    return result;
  }
  const get = (name, key) => within([name], "readonly", (made) => settled(made.objectStore(name).get(key)));
  const put = (name, row) => within([name], "readwrite", (made) => settled(made.objectStore(name).put(row)));
  const remove = (name, key) => within([name], "readwrite", (made) => settled(made.objectStore(name).delete(key)));
  const all = (name) => within([name], "readonly", (made) => settled(made.objectStore(name).getAll()));

  // Who is signed in on this phone, as the last page said; the form that opens without a connection asks nobody else.
  function account() {
    try { return Number(localStorage.getItem("account")) || 0; } catch { return 0; }
  }
  function become(number) {
    try {
      if (number) localStorage.setItem("account", String(number));
      else localStorage.removeItem("account");
    } catch { /* a browser that keeps nothing */ }
  }
  // Of the account signed in last. What another page has just written may not have come through to this one yet.
  async function lastPerson() {
    for (let tries = 0; tries < 5; tries += 1) {
      const number = account();
      const person = number ? await get("people", number) : null;
      if (person) return person;
      await new Promise((done) => { setTimeout(done, 200); });
    }
    return null;
  }
  async function waiting(number) {
    const rows = await all("waiting");
    return rows.filter((row) => row.account === number).sort((one, two) => one.made - two.made);
  }
  async function forget(number) {
    for (const row of await waiting(number)) await remove("waiting", row.key);
    for (const name of STORES.slice(0, 3)) await remove(name, number);
  }
  async function forgetOld() {
    for (const person of await all("people")) if (Date.now() - person.seen > OLD) await forget(person.account);
  }

  const here = Number(document.body.dataset.account) || 0;
  if (here) become(here);
  else if (location.pathname === "/accounts/login/") become(0);

  document.addEventListener("submit", async (event) => {
    const form = event.target;
    const mine = here || account();
    if (new URL(form.action).pathname !== LOGOUT || !mine || form.dataset.forgotten) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    try {
      const left = (await waiting(mine)).length;
      if (left && !window.confirm(`这部手机上还有${left}条没有发出的申报，退出就会删掉。确定退出吗？`)) return;
      await forget(mine);
      become(0);
    } catch { /* nothing could be kept, so nothing is left */ }
    form.dataset.forgotten = "1";
    form.submit();
  }, true);

  return { get, put, remove, account, become, lastPerson, waiting, forget, forgetOld };
})();
