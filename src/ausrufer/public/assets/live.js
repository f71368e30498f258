// New posts appear without a reload. Without this script the page is complete; it only has to be loaded again.
(function () {
  "use strict";
  var main = document.querySelector("main[data-live]");
  if (!main || !window.EventSource) return;
  var live = document.getElementById("live");
  var said = document.getElementById("said");
  var more = document.getElementById("more");
  var posts = document.getElementById("posts");
  var topic = main.dataset.topic;
  var stamp = live.dataset.stamp;
  var waiting = [];
  var lastSaid = 0;
  var unsaid = 0;
  var polling = null;

  function state(text, on) {
    live.textContent = text;
    live.classList.toggle("on", on);
  }

  function now() {
    return new Intl.DateTimeFormat("de", { hour: "2-digit", minute: "2-digit", timeZone: "Europe/Berlin" }).format(new Date());
  }

  function counted(number) {
    return number === 1 ? "1 neuer Beitrag" : number + " neue Beiträge";
  }

  // One polite sentence at most every 30 seconds, so that nobody is talked over.
  function say() {
    unsaid += 1;
    var rest = 30000 - (Date.now() - lastSaid);
    window.setTimeout(function () {
      if (!unsaid) return;
      said.textContent = counted(unsaid) + " oben in der Liste.";
      unsaid = 0;
      lastSaid = Date.now();
    }, Math.max(0, rest));
  }

  function section(article) {
    var found = posts.querySelector('section[data-day="' + article.dataset.day + '"]');
    if (found) return found;
    var made = document.createElement("section");
    made.dataset.day = article.dataset.day;
    made.setAttribute("aria-label", article.dataset.label);
    var heading = document.createElement("h2");
    heading.textContent = article.dataset.label;
    made.append(heading);
    posts.prepend(made);
    return made;
  }

  function insert(article) {
    var old = document.getElementById(article.id);
    if (old) {
      old.replaceWith(article);
      return;
    }
    var empty = document.getElementById("empty");
    if (empty) empty.remove();
    article.classList.add("new");
    section(article).querySelector("h2").after(article);
    say();
  }

  // Below the top nothing moves under a reader's eyes; a link offers what is new.
  function show(article) {
    if (topic && article.dataset.topic !== topic) return;
    if (window.scrollY < 200 || document.getElementById(article.id)) {
      insert(article);
      return;
    }
    waiting.push(article);
    var link = document.createElement("a");
    link.href = "#inhalt";
    link.textContent = counted(waiting.length);
    link.addEventListener("click", flush);
    more.replaceChildren(link);
    more.hidden = false;
  }

  function flush() {
    waiting.forEach(insert);
    waiting = [];
    more.hidden = true;
  }

  window.addEventListener("scroll", function () {
    if (waiting.length && window.scrollY < 50) flush();
  }, { passive: true });

  function receive(event) {
    var holder = document.createElement("template");
    holder.innerHTML = event.data;
    var article = holder.content.querySelector("article");
    if (article) show(article);
    stamp = now();
  }

  // Where a proxy swallows the stream, a small file says whether there is anything new.
  function poll() {
    fetch("/latest.json", { cache: "no-cache" }).then(function (answer) { return answer.json(); }).then(function (latest) {
      if (latest.newest && !document.getElementById("b-" + latest.newest) && !topic) {
        state("Neue Beiträge sind da: bitte neu laden.", false);
      }
      polling = window.setTimeout(poll, latest.poll * (800 + Math.random() * 400));
    }).catch(function () { polling = window.setTimeout(poll, 30000); });
  }

  var source = new EventSource("/stream");
  source.addEventListener("open", function () {
    window.clearTimeout(polling);
    polling = null;
    state("Live · neue Beiträge erscheinen von selbst", true);
  });
  source.addEventListener("post", receive);
  source.addEventListener("error", function () {
    state("Verbindung unterbrochen, Stand " + stamp + " Uhr", false);
    if (!polling) polling = window.setTimeout(poll, 5000);
  });
})();
