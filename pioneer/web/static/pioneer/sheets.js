// The sheet by keyboard. Every act is a link or a button of the page; the keys only press them.
"use strict";
(() => {
  const grid = document.getElementById("grid");
  const help = document.getElementById("keys");
  const on = document.getElementById("keys-on");
  const said = document.getElementById("grid-said");
  if (!grid) return;
  const KEPT = "pioneer.keys";
  const members = () => [...grid.querySelectorAll("tbody.member")];
  const memberOf = (element) => element && element.closest && element.closest("tbody.member");
  const nameOf = (member) => member && member.querySelector(".name a");
  const isTyped = (element) => element.closest("input:not([type=checkbox]):not([type=radio]), textarea, select");
  let meant = "";      // what to do once a row that was shut has opened
  let discarding = ""; // the row whose typed form the next Esc gives up

  const read = (key) => { try { return window.localStorage.getItem(key); } catch { return null; } };
  const keep = (key, value) => { try { window.localStorage.setItem(key, value); } catch { /* then it is not kept */ } };
  on.checked = read(KEPT) !== "off";
  on.addEventListener("change", () => keep(KEPT, on.checked ? "on" : "off"));

  const say = (text) => { said.textContent = ""; window.setTimeout(() => { said.textContent = text; }, 30); };
  const here = () => memberOf(document.activeElement) || grid.querySelector("tbody.member.open") || members()[0];
  const formIn = (member) => member && member.querySelector(".slot form");
  const isChanged = (form) => form && [...form.elements].some((field) =>
    field.type === "checkbox" || field.type === "radio" ? field.checked !== field.defaultChecked
      : field.tagName === "SELECT" ? [...field.options].some((one) => one.selected !== one.defaultSelected) && !!field.value
        : field.type !== "hidden" && field.defaultValue !== undefined && field.value !== field.defaultValue);

  function move(by) {
    const all = members();
    const from = memberOf(document.activeElement);
    const to = from ? all[all.indexOf(from) + by] : all[by > 0 ? 0 : all.length - 1];
    const link = nameOf(to);
    if (!link) return;
    link.focus({ preventScroll: true });
    link.scrollIntoView({ block: "nearest" });
  }

  function press(member, what) {
    const article = document.activeElement.closest("article.claim");
    const found = (article && article.querySelector(`[data-${what}]`)) || member.querySelector(`[data-${what}]`);
    if (found) { found.click(); return; }
    if (!member.classList.contains("open")) { meant = what === "accept" ? "look" : what; nameOf(member).click(); return; }
    say(what === "accept" ? "这一行没有可以直接核准的申报。" : what === "edit" ? "这一行没有可以修改的条目。" : "这名党员不能由您加条目。");
  }

  function back(event) {
    const member = memberOf(document.activeElement);
    if (!member) return;
    const form = formIn(member);
    if (form) {
      event.preventDefault();
      if (isChanged(form) && discarding !== member.id) {
        discarding = member.id;
        say("填的内容还没有保存，再按一次 Esc 放弃。");
        form.classList.add("unsaved");
        return;
      }
      discarding = "";
      member.querySelector(".slot").replaceChildren();
      nameOf(member).focus();
    } else if (member.classList.contains("open")) {
      event.preventDefault();
      nameOf(member).click();
    }
  }

  const ACTS = {
    ArrowDown: () => move(1), j: () => move(1), ArrowUp: () => move(-1), k: () => move(-1),
    a: () => press(here(), "accept"), e: () => press(here(), "edit"), n: () => press(here(), "add"),
    "?": () => help.showModal(),
  };
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || help.open) return;
    const target = event.target;
    if (event.key === "Escape") { back(event); return; }
    if (!on.checked || isTyped(target)) return;
    if (target !== document.body && !grid.contains(target) && target.id !== "main") return;
    if (event.key.startsWith("Arrow") && target.matches("input, summary")) return;
    const act = ACTS[event.key];
    if (!act) return;
    event.preventDefault();
    act();
  });
  document.addEventListener("click", (event) => { if (event.target.closest("[data-keys]")) help.showModal(); });

  // --- what htmx brings ------------------------------------------------------------------------------------------------
  document.addEventListener("htmx:configRequest", (event) => {
    const seen = document.getElementById("seen");
    if (seen) event.detail.headers["X-Seen"] = seen.value;
  });
  document.addEventListener("htmx:confirm", (event) => {
    const form = formIn(memberOf(event.target));
    if (!form || form === event.target || !isChanged(form)) return;
    event.preventDefault();
    if (window.confirm("填的内容还没有保存，放弃吗？")) event.detail.issueRequest(true);
  });
  document.addEventListener("htmx:beforeSwap", (event) => {
    if (event.detail.xhr.status === 422) { event.detail.shouldSwap = true; event.detail.isError = false; }
  });
  document.addEventListener("htmx:responseError", (event) => {
    const told = new DOMParser().parseFromString(event.detail.xhr.responseText, "text/html").querySelector("main [role=alert]");
    warn(memberOf(event.target), told ? told.firstElementChild.textContent : "没有办成，请重新打开这一页再试。");
  });
  document.addEventListener("htmx:sendError", (event) => {
    warn(memberOf(event.target), "没有连上服务器。填的内容还在，请稍后再试。");
  });
  function warn(member, text) {
    const place = member && (member.querySelector(".slot") || nameOf(member).parentElement);
    if (!place) return;
    const note = document.createElement("p");
    note.className = "flag red";
    note.setAttribute("role", "alert");
    note.textContent = text;
    place.append(note);
  }
  document.addEventListener("htmx:afterSettle", (event) => {
    const target = event.target;
    if (target.classList.contains("slot")) {
      const first = target.querySelector("[data-focus], [aria-invalid=true], .errors")
        || [...target.querySelectorAll("input, select, textarea, a")].find((one) => one.offsetParent !== null);
      if (first) first.focus();
      return;
    }
    if (target.id === "sheet-filters") for (const one of target.querySelectorAll("[data-needs-script]")) one.hidden = false;
    const member = memberOf(target);
    if (!member) return;
    const next = meant;
    meant = "";
    if (next && next !== "look") { const found = member.querySelector(`[data-${next}]`); if (found) { found.click(); return; } }
    if (document.activeElement === document.body || memberOf(document.activeElement) === member) {
      const note = member.querySelector(".notes .note");
      if (note) say(note.textContent);
      (member.querySelector("[data-accept]") || nameOf(member)).focus({ preventScroll: true });
    }
  });
})();
