/* Comfort on top of pages that work without it: copying, keys, drafts, one sending per click. No eval, no inline code. */
(function () {
  "use strict";
  var doc = document, all = function (css, from) { return Array.prototype.slice.call((from || doc).querySelectorAll(css)); };
  var store = { get: function (k) { try { return JSON.parse(localStorage.getItem(k)); } catch (e) { return null; } },
    set: function (k, v) { try { v ? localStorage.setItem(k, JSON.stringify(v)) : localStorage.removeItem(k); } catch (e) { /* a full or forbidden store is no reason to stop typing */ } } };
  var clock = function () { return new Date().toTimeString().slice(0, 5); };
  var say = function (el, text) { if (el) { el.textContent = text; el.hidden = false; } };

  /* the strip that says that the line is down */
  function line() { var s = doc.querySelector("[data-offline]"); if (s) s.hidden = navigator.onLine; }
  addEventListener("online", line); addEventListener("offline", line);

  /* ticks of a list: count, all of the page, marked rows */
  function count() {
    all("[data-list]").forEach(function (list) {
      var ticks = all("[data-tick]", list), on = ticks.filter(function (t) { return t.checked; }).length, every = list.querySelector("[data-all]");
      ticks.forEach(function (t) { var row = t.closest("tr,li"); if (row) row.classList.toggle("sel", t.checked); });
      if (every) { every.checked = on > 0 && on === ticks.length; every.indeterminate = on > 0 && on < ticks.length; }
      all("[data-bulk]", list).forEach(function (b) { b.hidden = !on; });
      all("[data-count]", list).forEach(function (c) { c.textContent = on; });
    });
  }

  /* drafts: form[data-draft=key]; never passwords, files, tokens */
  var kept = function (el) { return el.name && !/^(password|file|hidden|submit|button)$/.test(el.type); };
  function read(form) {
    return Array.prototype.filter.call(form.elements, kept).map(function (el) { return [el.name, el.value, /^(radio|checkbox)$/.test(el.type) ? el.checked : null]; });
  }
  function write(form, fields) {
    var left = fields.slice();
    Array.prototype.filter.call(form.elements, kept).forEach(function (el) {
      var i = left.findIndex(function (f) { return f[0] === el.name && (f[2] === null || f[1] === el.value); });
      if (i < 0) return;
      if (left[i][2] === null) el.value = left[i][1]; else el.checked = left[i][2];
      left.splice(i, 1);
    });
  }
  function drafts() {
    /* a draft goes when its sending is known to have worked: a message says so, or the form is no longer here */
    var sent = store.get("sent"), here = all("form[data-draft]").some(function (f) { return "draft:" + f.dataset.draft === sent; });
    if (sent && (doc.querySelector("[data-sent]") || !here && !doc.querySelector("[role=alert]"))) { store.set(sent, null); store.set("sent", null); }
    all("form[data-draft]").forEach(function (form) {
      if (form.draftReady) return;
      form.draftReady = true;
      var key = "draft:" + form.dataset.draft, old = store.get(key), note = form.querySelector("[data-draft-note]"), wait;
      if (old && !form.querySelector("[aria-invalid=true]")) { write(form, old.fields); say(note, form.dataset.restored + " " + old.at); }
      form.addEventListener("input", function () {
        clearTimeout(wait);
        wait = setTimeout(function () { var at = clock(); store.set(key, { at: at, fields: read(form) }); say(note, form.dataset.saved + " " + at); }, 800);
      });
      form.addEventListener("submit", function () { clearTimeout(wait); store.set(key, { at: clock(), fields: read(form) }); store.set("sent", key); });
    });
  }

  /* one sending per click */
  doc.addEventListener("submit", function (e) {
    var form = e.target, button = e.submitter;
    if (e.defaultPrevented || form.method === "get" || form.target) return;
    if (form.dataset.busy) { e.preventDefault(); return; }
    form.dataset.busy = "1";
    if (button) button.setAttribute("aria-busy", "true");
  });
  function free() { all("form[data-busy]").forEach(function (f) { delete f.dataset.busy; all("[aria-busy]", f).forEach(function (b) { b.removeAttribute("aria-busy"); }); }); }
  addEventListener("pageshow", free); doc.addEventListener("htmx:afterRequest", free);

  doc.addEventListener("change", function (e) {
    var t = e.target;
    if (t.matches("[data-all]")) all("[data-tick]", t.closest("[data-list]")).forEach(function (x) { x.checked = t.checked; });
    if (t.matches("[data-all],[data-tick]")) count();
    if (t.matches("[data-submit]")) t.form.requestSubmit ? t.form.requestSubmit() : t.form.submit();
  });

  function said(from) { var label = from.querySelector("span") || from, sign = from.querySelector("use"), was = label.textContent, drawn = sign && sign.getAttribute("href");
    if (from.dataset.said) return;
    from.dataset.said = label.textContent = from.dataset.done; if (sign) sign.setAttribute("href", drawn.replace(/#.*/, "#check"));
    setTimeout(function () { delete from.dataset.said; label.textContent = was; if (sign) sign.setAttribute("href", drawn); }, 2000); }
  function copy(button) {
    var from = doc.querySelector(button.dataset.copy), text = from ? (from.value || from.innerText).trim() : button.dataset.copy;
    if (navigator.clipboard) return navigator.clipboard.writeText(text).then(function () { said(button); });
    var area = doc.createElement("textarea"); area.value = text; doc.body.appendChild(area); area.select();
    if (doc.execCommand("copy")) said(button);
    area.remove(); button.focus();
  }
  /* a text that stands on another page is copied from there; where that fails, the reader goes to it */
  function fetched(link) {
    fetch(link.href).then(function (r) { return r.text(); }).then(function (page) {
      return navigator.clipboard.writeText(new DOMParser().parseFromString(page, "text/html").querySelector(link.dataset.fetch).textContent.trim());
    }).then(function () { said(link); }, function () { location.href = link.href; });
  }
  doc.addEventListener("click", function (e) {
    var b = e.target.closest("[data-copy],[data-fetch],[data-reveal],[data-untick],[data-open],[data-close],[data-print]");
    if (!e.target.closest(".menu")) all(".menu[open]").forEach(function (m) { m.open = false; });
    if (!b) return;
    var d = b.dataset;
    if (d.copy) copy(b);
    if (d.fetch && navigator.clipboard && !e.ctrlKey && !e.metaKey && !e.shiftKey) { e.preventDefault(); fetched(b); }
    if (d.reveal) { var i = doc.querySelector(d.reveal), show = i.type === "password"; i.type = show ? "text" : "password"; b.setAttribute("aria-pressed", show); }
    if ("untick" in d) { all("[data-tick]", b.closest("[data-list]")).forEach(function (x) { x.checked = false; }); count(); }
    if (d.open) doc.querySelector(d.open).showModal();
    if ("close" in d) b.closest("dialog").close();
    if ("print" in d) print();
  });

  /* what is folded on the screen is open on paper */
  function unfold(e) { all("details.for-print").forEach(function (d) { if (e.type === "beforeprint") { d.shut = !d.open; d.open = true; } else if (d.shut) d.open = false; }); }
  addEventListener("beforeprint", unfold); addEventListener("afterprint", unfold);

  /* keys; only outside fields, and not at all when the reader switched them off (html[data-keys=off]) */
  var at = -1;
  function go(step) {
    var rows = all("[data-row]").filter(function (r) { return r.offsetParent; });
    if (!rows.length) return;
    at = Math.max(0, Math.min(rows.length - 1, at + step));
    rows.forEach(function (r, i) { r.classList.toggle("cursor", i === at); });
    rows[at].scrollIntoView({ block: "nearest" });
    var link = rows[at].querySelector("[data-go]"); if (link) link.focus({ preventScroll: true });
  }
  doc.addEventListener("keydown", function (e) {
    if (e.key === "Escape") all(".menu[open]").forEach(function (m) { m.open = false; m.querySelector("summary").focus(); });
    if (e.ctrlKey || e.metaKey || e.altKey || doc.documentElement.dataset.keys === "off") return;
    if (/^(INPUT|TEXTAREA|SELECT)$/.test(e.target.tagName) && e.target.type !== "checkbox" || e.target.isContentEditable || doc.querySelector("dialog[open]")) return;
    var row = doc.querySelector(".cursor"), hit = doc.querySelector('[data-key="' + (/^[a-z?/[\]]$/.test(e.key) ? e.key : "") + '"]');
    if (e.key === "j" || e.key === "k") go(e.key === "j" ? 1 : -1);
    else if (e.key === "x" && row && row.querySelector("[data-tick]")) row.querySelector("[data-tick]").click();
    else if (e.key === "Enter" && row && e.target === doc.body) { var link = row.querySelector("[data-go]"); if (link) link.click(); }
    else if (hit) { if (hit.matches("dialog")) hit.showModal(); else { hit.focus(); if (/^[[\]]$/.test(e.key)) hit.click(); } }
    else return;
    e.preventDefault();
  });

  function ready() { line(); count(); drafts(); var sum = doc.querySelector("[data-focus]"); if (sum) sum.focus(); }
  doc.addEventListener("htmx:afterSettle", function () { at = -1; ready(); });
  ready();
})();
