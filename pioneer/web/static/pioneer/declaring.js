// Declaring on a phone, with a connection or without: what is typed stays as a draft, what is sent without a connection
// waits here under the key by which the server knows it again. Without JavaScript the form is sent as any other.
"use strict";
(() => {
  const PHONE = "/declarations/phone/";
  const OWN = "/declarations/";
  const form = document.querySelector("form[data-declare]");
  const box = document.querySelector("[data-waiting]");
  const shell = document.querySelector("[data-shell]");
  let photographs = [];
  let key = form ? form.elements.request_key.value : "";
  let busy = false;
  let isSending = false;
  let saving = 0;
  let taking = Promise.resolve(); // photographs that are being made smaller; what is sent waits for them

  if (!form && !box) return;
  if (!window.indexedDB) { if (shell) tell("这个浏览器不能在手机上存申报，请联网后再打开。"); return; }

  const newKey = () => {
    const drawn = crypto.getRandomValues(new Uint8Array(16));
    drawn[6] = (drawn[6] & 15) | 64;
    drawn[8] = (drawn[8] & 63) | 128;
    const text = [...drawn].map((one) => one.toString(16).padStart(2, "0")).join("");
    return text.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
  };
  const made = (name, text = "", classes = "") => {
    const element = document.createElement(name);
    element.textContent = text;
    if (classes) element.className = classes;
    return element;
  };
  function tell(sentence, isWrong = false) {
    const place = document.querySelector("[data-said]");
    if (!place) return;
    place.textContent = sentence;
    place.hidden = !sentence;
    place.classList.toggle("red", isWrong);
    place.setAttribute("role", isWrong ? "alert" : "status");
  }

  // --- the form's content, as it is kept ------------------------------------------------------------------------------
  function typed() {
    const fields = {};
    for (const [name, value] of new FormData(form)) {
      if (typeof value === "string" && name !== "csrfmiddlewaretoken" && name !== "request_key") fields[name] = value;
    }
    return fields;
  }
  function fill(fields) {
    for (const [name, value] of Object.entries(fields)) {
      const field = form.elements[name];
      if (field) field.value = value;
    }
    const chosen = form.querySelector("[name=indicator]:checked");
    if (chosen && chosen.closest("details")) chosen.closest("details").open = true;
  }
  function setKey(text) {
    key = form.elements.request_key.value = text;
  }
  function stopSaving() {
    clearTimeout(saving);
    saving = 0;
  }
  async function keepDraft() {
    stopSaving();
    const account = Kept.account();
    if (account) await Kept.put("drafts", { account, key, fields: typed(), at: Date.now() });
  }
  async function keepPhotographs() {
    const account = Kept.account();
    if (account) await Kept.put("photographs", { account, files: photographs });
    await keepDraft();
  }
  async function forgetDraft(account) {
    await Kept.remove("drafts", account);
    await Kept.remove("photographs", account);
  }
  function clear() {
    stopSaving();
    form.reset();
    for (const radio of form.querySelectorAll("[type=radio]")) radio.checked = false;
    photographs = [];
    setKey(newKey());
    showPhotographs();
    showDraft(false);
  }
  function showDraft(is) {
    const note = form.querySelector("[data-draft]");
    if (note) note.hidden = !is;
  }
  async function restore() {
    const account = Kept.account();
    const draft = account ? await Kept.get("drafts", account) : null;
    if (!draft) return;
    const kept = await Kept.get("photographs", account);
    photographs = kept ? kept.files : [];
    if (draft.key) setKey(draft.key);
    fill(draft.fields);
    showPhotographs();
    showDraft(true);
  }

  // --- photographs: several choices add up ----------------------------------------------------------------------------
  function showPhotographs() {
    const carried = new DataTransfer();
    for (const one of photographs) carried.items.add(new File([one.bytes], one.name, { type: one.type }));
    form.elements.evidence.files = carried.files;
    const list = form.querySelector("[data-photographs]");
    list.replaceChildren(...photographs.map((one, number) => {
      const line = made("li", "", "row spread");
      const button = made("button", "去掉", "button plain slim");
      button.type = "button";
      button.dataset.drop = number;
      button.setAttribute("aria-label", `去掉${one.name}`);
      line.append(made("span", `${number + 1}. ${one.name}`), button);
      return line;
    }));
  }
  async function takePhotographs(chosen) {
    for (const file of chosen) {
      const from = `${file.name} ${file.size}`;
      if (photographs.some((one) => one.from === from)) continue;
      photographs.push({ ...await Smaller.of(file), from });
      showPhotographs();
    }
    showPhotographs();
    await keepPhotographs();
  }

  // --- sending --------------------------------------------------------------------------------------------------------
  async function who() {
    const answer = await fetch(PHONE, { redirect: "manual", cache: "no-store" });
    if (answer.type === "opaqueredirect") return { state: "signed-out" };
    if (!answer.ok) return { state: "later" };
    const person = await answer.json();
    const { csrf, ...kept } = person;
    await Kept.put("people", { ...kept, seen: Date.now() });
    Kept.become(person.account); // of whom something is kept by now
    return { state: "here", person, csrf };
  }
  async function send(item) {
    let answer;
    try {
      const asked = await who();
      if (asked.state !== "here") return asked;
      if (asked.person.account !== item.account) return { state: "other" };
      const body = new FormData();
      for (const [name, value] of Object.entries(item.fields)) body.append(name, value);
      body.append("request_key", item.key);
      body.append("member", item.member || asked.person.member);
      for (const one of item.files) body.append("evidence", new File([one.bytes], one.name, { type: one.type }));
      answer = await fetch(PHONE, { method: "POST", body, redirect: "manual", headers: { "X-CSRFToken": asked.csrf } });
    } catch {
      return { state: "offline" };
    }
    if (answer.type === "opaqueredirect") return { state: "signed-out" };
    if (answer.ok) return { state: "sent" };
    if (answer.status >= 500 || answer.status === 429) return { state: "later" };
    const said = await answer.json().then((told) => told.said).catch(() => "");
    return { state: "refused", said: said || `没有收下（${answer.status}）。请核对内容和附件后再发；还不行，请告诉支部记录员。` };
  }
  const SAID = {
    "offline": "现在没有网络。内容和照片都存在这部手机上，联网后打开这一页就会自动发出。",
    "later": "暂时发不出去。内容和照片都存在这部手机上，过一会儿会再发。",
    "signed-out": "登录已过期。内容和照片都还在，重新登录后自动发出。",
    "other": "现在登录的是另一个账号，这些要等本人登录后再发。",
    "here": "",
  };
  async function sendAll() {
    const account = Kept.account();
    if (isSending || !account) return;
    isSending = true;
    let sent = 0;
    let result = { state: "here" };
    try {
      const rows = (await Kept.waiting(account)).filter((row) => row.state === "waiting");
      if (!rows.length) result = await who().catch(() => ({ state: "offline" }));
      for (const row of rows) {
        result = await send(row);
        if (result.state === "sent") { await Kept.remove("waiting", row.key); sent += 1; continue; }
        if (result.state !== "refused") break;
        await Kept.put("waiting", { ...row, state: "refused", said: result.said });
      }
    } finally {
      isSending = false;
    }
    if (sent && !form) { location.reload(); return; }
    await showWaiting(result.state);
    if (sent) tell(`已发出${sent}条申报。`);
    else if (shell && result.state === "here") tell("有网络了。可以接着填，也可以打开平常的申报页。");
    else if (shell && result.state === "signed-out") tell("登录已过期。填好的先存在这部手机上，重新登录后自动发出。");
  }

  // --- what waits -----------------------------------------------------------------------------------------------------
  function waitingLine(row) {
    const line = document.createElement("li");
    const isRefused = row.state === "refused";
    const photos = row.files.length ? `　附件${row.files.length}个` : "";
    line.append(made("div", row.fields.matter), made("div", "", "points"));
    const [, month, day] = row.fields.event_on.split("-").map(Number);
    line.append(made("div", `${month}月${day}日　${row.fields.place}${photos}`, "small muted"));
    line.append(made("span", isRefused ? "没有收下" : "待发送", isRefused ? "tag red" : "tag gold"));
    if (isRefused) line.append(made("div", row.said, "why"));
    const acts = made("div", "", "why acts");
    for (const [act, name] of isRefused ? [["mend", "改一改再发"], ["discard", "不报了"]] : [["discard", "不报了"]]) {
      const button = made("button", name, "button plain slim");
      button.type = "button";
      button.dataset[act] = row.key;
      acts.append(button);
    }
    line.append(acts);
    return line;
  }
  async function showWaiting(state) {
    const account = Kept.account();
    const rows = account ? await Kept.waiting(account) : [];
    box.hidden = !rows.length;
    box.querySelector("[data-waiting-list]").replaceChildren(...rows.map(waitingLine));
    const note = box.querySelector("[data-waiting-said]");
    const isWaiting = rows.some((row) => row.state === "waiting");
    note.textContent = isWaiting ? SAID[state] || "" : "";
    note.hidden = !note.textContent;
    box.querySelector("[data-send-now]").hidden = !isWaiting;
    const again = box.querySelector("[data-sign-in]");
    again.hidden = state !== "signed-out" || !isWaiting;
  }
  async function mend(row) {
    const account = row.account;
    await Kept.put("photographs", { account, files: row.files });
    await Kept.put("drafts", { account, key: newKey(), fields: row.fields, at: Date.now() });
    await Kept.remove("waiting", row.key);
    if (!form) { location.assign(OWN + "new/"); return; }
    clear();
    await restore();
    await showWaiting("here");
    form.scrollIntoView();
  }
  box.addEventListener("click", async (event) => {
    const { mend: toMend, discard } = event.target.dataset;
    if ("sendNow" in event.target.dataset) await sendAll();
    if (!toMend && !discard) return;
    const row = (await Kept.waiting(Kept.account())).find((one) => one.key === (toMend || discard));
    if (!row) return;
    if (toMend) { await mend(row); return; }
    if (!window.confirm("删掉这条还没有发出的申报？")) return;
    await Kept.remove("waiting", row.key);
    await showWaiting("here");
  });

  // --- the form sends itself ------------------------------------------------------------------------------------------
  async function submit() {
    await taking;
    const account = Kept.account();
    const person = await Kept.get("people", account);
    const item = { key, account, member: person ? person.member : 0, fields: typed(), files: photographs, made: Date.now(), state: "waiting", said: "" };
    await Kept.put("waiting", item);
    stopSaving();
    const result = await send(item);
    if (result.state === "sent") {
      await Kept.remove("waiting", key);
      await forgetDraft(account);
      location.assign(OWN);
      return;
    }
    if (result.state === "refused") {
      await Kept.remove("waiting", key);
      setKey(newKey());
      await keepPhotographs();
      tell(result.said, true);
    } else {
      await forgetDraft(account);
      clear();
      tell("已存在这部手机上，待发送。");
      await showWaiting(result.state);
    }
    document.querySelector("[data-said]").scrollIntoView({ block: "center" });
  }
  function listen() {
    form.addEventListener("input", (event) => {
      if (event.target.type === "file") return;
      clearTimeout(saving);
      saving = setTimeout(() => keepDraft().catch(() => {}), 250);
    });
    form.elements.evidence.addEventListener("change", (event) => {
      const chosen = [...event.target.files];
      taking = taking.then(() => takePhotographs(chosen)).catch(() => {});
    });
    form.addEventListener("click", async (event) => {
      if ("drop" in event.target.dataset) {
        photographs.splice(Number(event.target.dataset.drop), 1);
        showPhotographs();
        await keepPhotographs().catch(() => {});
      }
      if ("clear" in event.target.dataset) {
        clear();
        await forgetDraft(Kept.account()).catch(() => {});
      }
    });
    form.addEventListener("submit", async (event) => {
      if (!Kept.account()) return;
      event.preventDefault();
      event.stopPropagation();
      if (busy) return;
      busy = true;
      const buttons = form.querySelectorAll(".do button");
      for (const button of buttons) button.setAttribute("aria-busy", "true");
      try {
        await submit();
      } catch {
        if (shell) tell("这部手机存不下了，没有存上。请去掉几张照片再试，或有网络时再报。", true);
        else form.submit(); // a phone that can keep nothing sends it as without JavaScript
      } finally {
        busy = false;
        for (const button of buttons) button.removeAttribute("aria-busy");
      }
    });
  }

  // --- the page that opens without a connection: filled from what is kept for the account, or empty --------------------
  function pick(choice) {
    const label = made("label", "", "pick");
    const radio = document.createElement("input");
    Object.assign(radio, { type: "radio", name: "indicator", value: choice.code, required: true });
    if (choice.unit) radio.dataset.unit = choice.unit;
    if (choice.levels.length) radio.dataset.levels = "";
    const words = document.createElement("span");
    words.append(made("b", choice.name), made("span", choice.levels.length ? "按级别" : choice.worth, "small muted num"));
    label.append(radio, words);
    return label;
  }
  function picks(choices) {
    const all = made("div", "", "picks");
    all.append(...choices.map(pick));
    return all;
  }
  function quick(name, values) {
    const row = made("div", "", "quick");
    for (const [value, said] of values) {
      const button = made("button", said, "button plain slim");
      button.type = "button";
      Object.assign(button.dataset, { fill: name, value });
      row.append(button);
    }
    form.elements[name].closest(".field").after(row);
  }
  function fillShell(person) {
    if (person.large) document.documentElement.dataset.print = "large";
    shell.querySelector("[data-person]").textContent = `${person.name}　${person.branch}`;
    const offered = shell.querySelector("[data-choices]");
    const recent = person.latest.map((code) => person.choices.find((one) => one.code === code)).filter(Boolean);
    if (recent.length) offered.append(picks(recent));
    const rest = document.createElement(recent.length ? "details" : "div");
    if (recent.length) rest.append(made("summary", "其他项目"));
    const others = person.choices.filter((one) => !recent.includes(one));
    for (const aspect of new Set(others.map((one) => one.aspect))) {
      rest.append(made("h3", aspect), picks(others.filter((one) => one.aspect === aspect)));
    }
    offered.append(rest);
    const levels = new Map(person.choices.flatMap((one) => one.levels));
    form.elements.level.replaceChildren(new Option("请选择", ""), ...[...levels].map(([code, name]) => new Option(name, code)));
    form.elements.event_on.min = person.earliest;
    const today = new Date(Date.now() + 8 * 3600 * 1000).toISOString().slice(0, 10); // the day of Asia/Shanghai
    form.elements.event_on.max = form.elements.event_on.value = form.elements.event_on.defaultValue = today;
    const day = (back) => new Date(Date.parse(today) - back * 24 * 3600 * 1000).toISOString().slice(0, 10);
    quick("event_on", ["今天", "昨天", "前天"].map((name, back) => [day(back), name]));
    quick("place", person.places.slice(0, 3).map((place) => [place, place]));
    shell.querySelector("#places").replaceChildren(...person.places.map((place) => new Option(place, place)));
    form.hidden = false;
  }
  async function openShell() {
    const person = await Kept.lastPerson();
    if (!person) {
      tell("这部手机上现在没有登录的人。请联网登录，打开一次申报页，以后没有网络也能填。");
      return false;
    }
    tell("现在没有网络。照常填写，先存在这部手机上，联网后自动发出。");
    fillShell(person);
    setKey(newKey());
    return true;
  }

  async function start() {
    if (shell && !(await openShell())) return;
    if (form) {
      listen();
      if (shell || "fresh" in form.dataset) await restore();
      form.dataset.ready = "1";
    }
    if (navigator.serviceWorker) await navigator.serviceWorker.register("/declarations/worker.js").catch(() => {});
    await Kept.forgetOld();
    await sendAll();
  }
  window.addEventListener("online", () => sendAll().catch(() => {}));
  document.addEventListener("visibilitychange", () => {
    if (document.hidden) { if (form && saving) keepDraft().catch(() => {}); } else sendAll().catch(() => {});
  });
  start().catch(() => {});
})();
