// New posts appear without a reload. Without this script the page is complete; it only has to be loaded again.
(function () {
  "use strict";
  var main = document.querySelector("main[data-newest]");
  if (!main || !window.EventSource) return;
  var live = document.getElementById("live");
  var said = document.getElementById("said");
  var more = document.getElementById("more");
  var posts = document.getElementById("posts");
  var topic = main.dataset.topic;
  var newest = main.dataset.newest;
  var waiting = [];
  var unsaid = 0;
  var saidAt = -30000;
  var saying = null;
  var polling = null;
  var source = null;

  function clock() {
    return new Intl.DateTimeFormat("de", { hour: "2-digit", minute: "2-digit", timeZone: "Europe/Berlin" }).format(new Date());
  }

  function state(text, on) {
    live.textContent = text;
    live.classList.toggle("on", on);
  }

  function interrupted() {
    state("Verbindung unterbrochen, Stand " + clock() + " Uhr", false);
  }

  function counted(number) {
    return number === 1 ? "1 neuer Beitrag" : number + " neue Beiträge";
  }

  // One polite sentence at most every 30 seconds, so that nobody is talked over.
  function say() {
    unsaid += 1;
    if (saying) return;
    saying = window.setTimeout(function () {
      said.textContent = counted(unsaid) + (waiting.length ? ", oben anzuzeigen." : " oben in der Liste.");
      unsaid = 0;
      saying = null;
      saidAt = performance.now();
    }, Math.max(0, saidAt + 30000 - performance.now()));
  }

  function known(id) {
    return document.getElementById(id) || waiting.find(function (each) { return each.id === id; });
  }

  function heading(day, label) {
    var made = document.createElement("h2");
    made.id = "tag-" + day;
    made.textContent = label;
    return made;
  }

  function when(article) {
    return Date.parse(article.querySelector("time").dateTime);
  }

  function all(selector) {
    return Array.from(posts.querySelectorAll(selector));
  }

  // On the first page the newest day stands above the topics; when a new day begins, the one before moves down.
  function newDay(article) {
    var day = article.dataset.day;
    var top = document.getElementById("tag");
    var below = all("section").find(function (each) { return each.dataset.day < day; });
    var first = posts.querySelector("section");
    var made = document.createElement("section");
    made.dataset.day = day;
    made.setAttribute("aria-labelledby", "tag-" + day);
    if (below === first && top) {
      if (first) {
        first.prepend(heading(first.dataset.day, top.textContent));
        first.setAttribute("aria-labelledby", "tag-" + first.dataset.day);
      }
      top.textContent = article.dataset.label;
      made.setAttribute("aria-labelledby", "tag");
    } else {
      made.append(heading(day, article.dataset.label));
    }
    posts.insertBefore(made, below || null);
    return made;
  }

  function insert(article) {
    var empty = document.getElementById("empty");
    if (empty) empty.remove();
    article.classList.add("new");
    var section = posts.querySelector('section[data-day="' + article.dataset.day + '"]') || newDay(article);
    var below = Array.from(section.querySelectorAll("article")).find(function (each) { return when(each) <= when(article); });
    section.insertBefore(article, below || null);
  }

  function isOld(article) {
    var listed = all("article");
    return listed.length >= 40 && when(article) < when(listed[listed.length - 1]);
  }

  function count(article, more) {
    var number = document.querySelector('.topics a[data-topic="' + article.dataset.topic + '"] .count');
    if (number) number.textContent = Number(number.textContent) + more;
  }

  function offer() {
    var link = document.createElement("a");
    link.href = "#inhalt";
    link.textContent = counted(waiting.length);
    link.addEventListener("click", flush);
    more.replaceChildren(link);
    more.hidden = !waiting.length;
  }

  function flush() {
    waiting.forEach(insert);
    waiting = [];
    offer();
  }

  // Below the top nothing moves under a reader's eyes; a link offers what is new.
  function show(article) {
    if (!article || known(article.id) || (topic && article.dataset.topic !== topic) || isOld(article)) return;
    newest = article.id.slice(2);
    count(article, 1);
    if (window.scrollY < 100) {
      insert(article);
    } else {
      waiting.push(article);
      offer();
    }
    say();
  }

  function isWaitingFor(id) {
    return function (each) { return each.id !== id; };
  }

  function gone(event) {
    var id = "b-" + event.data;
    var article = document.getElementById(id);
    if (article) {
      count(article, -1);
      article.remove();
    }
    waiting = waiting.filter(isWaitingFor(id));
    offer();
  }

  // Where a proxy swallows the stream, a small file says whether there is anything new.
  function poll() {
    var next = 60;
    fetch("/latest.json", { cache: "no-cache" }).then(function (answer) { return answer.json(); }).then(function (latest) {
      next = latest.poll;
      interrupted();
      if (latest.newest && !known("b-" + latest.newest)) return reread();
    }).catch(function () {}).then(function () {
      polling = window.setTimeout(poll, next * (800 + Math.random() * 400));
    });
  }

  function reread() {
    return fetch(location.pathname, { cache: "no-cache" }).then(function (answer) { return answer.text(); }).then(function (text) {
      var page = new DOMParser().parseFromString(text, "text/html");
      Array.from(page.querySelectorAll("#posts article")).reverse().forEach(function (article) {
        if (!known(article.id)) show(document.importNode(article, true));
      });
    });
  }

  function listen() {
    source = new EventSource("/stream?after=" + encodeURIComponent(newest) + "&topic=" + encodeURIComponent(topic));
    source.addEventListener("open", function () {
      window.clearTimeout(polling);
      polling = null;
      state("Live · neue Beiträge erscheinen von selbst", true);
    });
    source.addEventListener("post", function (event) {
      var holder = document.createElement("template");
      holder.innerHTML = event.data;
      show(holder.content.querySelector("article"));
    });
    source.addEventListener("gone", gone);
    source.addEventListener("error", function () {
      if (!polling) interrupted();
      if (!polling) polling = window.setTimeout(poll, 5000);
      // A browser comes back by itself unless the answer was none of a stream: then we do.
      if (source.readyState === EventSource.CLOSED) window.setTimeout(listen, 10000 + Math.random() * 20000);
    });
  }

  window.addEventListener("scroll", function () {
    // Not while it has the focus: it would be gone under the finger.
    if (waiting.length && window.scrollY < 50 && !more.contains(document.activeElement)) flush();
  }, { passive: true });
  listen();
})();
