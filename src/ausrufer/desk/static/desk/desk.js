"use strict";

// Pieces of a page that did not change stay as they are: nothing flickers, no focus is lost.
document.addEventListener("htmx:oobBeforeSwap", (event) => {
  const fresh = event.detail.fragment.firstElementChild;
  const here = event.detail.target;
  if (fresh && fresh.dataset.print && fresh.dataset.print === here.dataset.print) event.detail.shouldSwap = false;
});

// Ctrl+Enter goes to the action; it does not publish.
document.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey)) return;
  const action = document.querySelector("[data-action]");
  if (!action) return;
  event.preventDefault();
  action.focus();
});

// A button that is at work says so in its word.
document.addEventListener("htmx:beforeRequest", (event) => {
  const words = event.detail.elt.querySelector?.("[data-busy]");
  if (!words) return;
  words.dataset.rest = words.textContent;
  words.textContent = words.dataset.busy;
});
document.addEventListener("htmx:afterRequest", (event) => {
  const words = event.detail.elt.querySelector?.("[data-rest]");
  if (!words || event.detail.xhr.getResponseHeader("HX-Redirect")) return;
  words.textContent = words.dataset.rest;
  delete words.dataset.rest;
});

// While the desk takes nothing, the page says why, what it still shows, and what to do.
const TROUBLES = { 401: "logged-out", 403: "logged-out", 404: "gone" };
function tell(trouble) {
  for (const line of document.querySelectorAll("[data-trouble]")) line.hidden = line.dataset.trouble !== trouble;
}
document.addEventListener("htmx:sendError", () => tell("unreachable"));
document.addEventListener("htmx:responseError", (event) => tell(TROUBLES[event.detail.xhr.status] || "unreachable"));
document.addEventListener("htmx:afterOnLoad", (event) => {
  if (event.detail.xhr.status < 400) tell(null);
});

// Who logged in again in another window goes on here: the token comes from the cookie, not from the page.
function token() {
  const cookie = document.cookie.match(/(?:^|; )csrftoken=([^;]+)/);
  return cookie ? cookie[1] : document.querySelector("[name=csrfmiddlewaretoken]").value;
}
document.addEventListener("htmx:configRequest", (event) => {
  event.detail.headers["X-CSRFToken"] = token();
  event.detail.formData.delete("csrfmiddlewaretoken"); // it would count before the header
});
window.addEventListener("focus", () => {
  if (document.querySelector("[data-trouble=logged-out]:not([hidden])"))
    document.getElementById("compose")?.dispatchEvent(new Event("change"));
});

// Who only read has written nothing; and a conflict met by the button below is brought to whoever pressed it.
function isUntouched(field) {
  if (field.options) return [...field.options].every((each) => each.selected === each.defaultSelected || !field.value);
  if (field.type === "checkbox" || field.type === "radio") return field.checked === field.defaultChecked;
  return field.defaultValue === undefined || field.value === field.defaultValue;
}
document.addEventListener("htmx:configRequest", (event) => {
  const form = event.detail.elt.closest("#compose");
  if (form && [...form.elements].every(isUntouched)) event.detail.formData.set("untouched", "yes");
});
let pressed = false;
document.addEventListener("htmx:beforeRequest", (event) => {
  pressed = event.detail.elt.matches("[data-action]");
});
document.addEventListener("htmx:afterSettle", () => {
  const notice = pressed && document.querySelector("[data-comes-into-view]");
  if (!notice) return;
  pressed = false;
  notice.focus();
});

// Who enters a time means it.
document.addEventListener("input", (event) => {
  if (event.target.name === "due_at") document.querySelector("input[name=when][value=at]").checked = true;
});

// Previews: on a telephone they are tabs with arrow keys, otherwise they all stand there.
const narrow = window.matchMedia("(max-width: 40rem)");
let shown = null;

function arrangePreviews() {
  const list = document.getElementById("preview-tabs");
  if (!list) return;
  const tabs = [...list.querySelectorAll("[role=tab]")];
  const chosen = tabs.find((tab) => tab.id === shown) || tabs[0];
  list.hidden = !narrow.matches || tabs.length < 2;
  for (const tab of tabs) {
    const panel = document.getElementById(tab.getAttribute("aria-controls"));
    const isChosen = tab === chosen;
    tab.setAttribute("aria-selected", String(isChosen));
    tab.tabIndex = isChosen ? 0 : -1;
    if (!panel) continue;
    panel.hidden = narrow.matches && !isChosen;
    panel.setAttribute("role", narrow.matches && !list.hidden ? "tabpanel" : "region");
  }
}
function choose(tab) {
  shown = tab.id;
  arrangePreviews();
}
document.addEventListener("click", (event) => {
  const tab = event.target.closest?.("[role=tab]");
  if (tab) choose(tab);
});
document.addEventListener("keydown", (event) => {
  const tab = event.target.closest?.("[role=tab]");
  const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
  if (!tab || !step) return;
  const tabs = [...tab.parentElement.querySelectorAll("[role=tab]")];
  const next = tabs[(tabs.indexOf(tab) + step + tabs.length) % tabs.length];
  event.preventDefault();
  choose(next);
  next.focus();
});
narrow.addEventListener("change", arrangePreviews);
document.addEventListener("htmx:afterSettle", arrangePreviews);
document.addEventListener("DOMContentLoaded", () => {
  document.documentElement.classList.add("scripted");
  arrangePreviews();
});

// Text that a person carries somewhere else.
document.addEventListener("click", async (event) => {
  const button = event.target.closest?.("[data-copies]");
  if (!button) return;
  await navigator.clipboard.writeText(document.getElementById(button.dataset.copies).textContent);
  button.parentElement.querySelector("[data-copied]").hidden = false;
});
