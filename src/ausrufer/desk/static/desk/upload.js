"use strict";

// Large files in pieces (tus 1.0): what broke off goes on where it stopped, also after the page was closed.
const PIECE = 4 * 1024 * 1024;
const LONGEST_PAUSE = 20_000;

// Before the page's own saving hears of it: a file is no entry of the draft, and a save sent beside it would meet the
// draft as the arrived file has changed it.
document.addEventListener("input", (event) => placeOf(event) && event.stopPropagation(), true);
document.addEventListener("change", (event) => {
  const place = placeOf(event);
  if (!place) return;
  event.stopPropagation();
  const files = [...event.target.files];
  event.target.value = ""; // the form itself must not send them a second time
  for (const file of files) send(file, place.dataset.upload, new Line(file.name));
}, true);

function placeOf(event) {
  return event.target.type === "file" && event.target.closest("[data-upload]");
}

document.addEventListener("mediaChanged", () => say(words().ready));

// One file's bar; what screen readers hear is said in steps of a quarter.
class Line {
  constructor(name) {
    this.name = name;
    this.told = 0;
    this.row = document.createElement("p");
    this.bar = document.createElement("progress");
    this.bar.max = 100;
    this.bar.setAttribute("aria-label", name);
    this.text = document.createElement("span");
    this.row.className = "upload small";
    this.row.append(this.bar, " ", this.text);
    document.getElementById("uploads").append(this.row);
    this.at(0);
  }
  at(share, pausing = "") {
    const percent = Math.floor(share * 100);
    this.bar.value = percent;
    this.text.textContent = `${this.name}: ${percent} % ${pausing}`;
    if (percent < this.told + 25) return;
    this.told = percent - (percent % 25);
    say(`${this.name}: ${this.told} %`);
  }
  end(sentence = "") {
    this.bar.remove();
    this.text.textContent = sentence;
    this.row.classList.toggle("state--failed", Boolean(sentence));
    if (!sentence) this.row.remove();
    say(sentence || `${this.name}: ${words().arrived}`);
  }
}

async function send(file, address, line) {
  const memory = `upload ${address} ${file.name} ${file.size} ${file.lastModified}`;
  let place = localStorage.getItem(memory);
  let offset = place ? await offsetAt(place) : null;
  if (offset === null) {
    const begun = await begin(file, address);
    if (begun.sentence) return line.end(begun.sentence);
    [place, offset] = [begun.place, 0];
    localStorage.setItem(memory, place);
  }
  for (let pause = 500; offset < file.size; ) {
    line.at(offset / file.size);
    const next = await piece(place, file, offset);
    if (next !== null) {
      [offset, pause] = [next, 500];
      continue;
    }
    line.at(offset / file.size, words().pausing);
    await new Promise((go) => setTimeout(go, pause));
    pause = Math.min(pause * 2, LONGEST_PAUSE);
    const here = await offsetAt(place).catch(() => offset);
    if (here === null) {
      localStorage.removeItem(memory);
      return line.end(words().lost);
    }
    offset = here;
  }
  localStorage.removeItem(memory);
  const state = await (await fetch(place)).json();
  line.end(state.sentence);
  const source = document.getElementById("new-media");
  htmx.trigger(source, "mediaArrived", {});
}

async function begin(file, address) {
  const name = btoa(String.fromCharCode(...new TextEncoder().encode(file.name)));
  const headers = { ...tus(), "Upload-Length": file.size, "Upload-Metadata": `filename ${name}` };
  try {
    const answer = await fetch(address, { method: "POST", headers });
    if (answer.status === 201) return { place: answer.headers.get("Location") };
    return { sentence: (await answer.json()).sentence || words().lost };
  } catch {
    return { sentence: words().lost };
  }
}

// The new offset, or null when it broke off: then the server knows how far it came.
async function piece(place, file, offset) {
  const headers = { ...tus(), ...page(), "Upload-Offset": offset, "Content-Type": "application/offset+octet-stream" };
  try {
    const answer = await fetch(place, { method: "PATCH", headers, body: file.slice(offset, offset + PIECE) });
    return answer.status === 204 ? Number(answer.headers.get("Upload-Offset")) : null;
  } catch {
    return null;
  }
}

// null when the server knows it no longer; throws while it cannot be reached.
async function offsetAt(place) {
  const answer = await fetch(place, { method: "HEAD", headers: tus() });
  if ([403, 404, 410].includes(answer.status)) return null;
  if (!answer.ok) throw new Error(answer.status);
  return Number(answer.headers.get("Upload-Offset"));
}

function tus() {
  return { "Tus-Resumable": "1.0.0", "X-CSRFToken": token() };
}
// So that what the file changes in the draft is no conflict with this page.
function page() {
  return { "Ausrufer-Page": document.querySelector("#compose [name=page]").value };
}
function words() {
  return document.getElementById("uploads").dataset;
}
function say(text) {
  document.getElementById("uploads-said").textContent = text;
}
