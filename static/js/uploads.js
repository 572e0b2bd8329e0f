/* Files over a bad line: photos are made small before they leave, the sending shows how far it is, and a line that is
   cut is waited for. Everything here works without it too: the form is a plain form. */
(function () {
  "use strict";
  var SIDE = 1600, MOST = 600000, QUALITIES = [0.72, 0.6, 0.45, 0.3], PAUSES = [2, 5, 10];
  var size = function (n) { return n < 1e6 ? Math.round(n / 1e3) + " kB" : (n / 1e6).toFixed(1).replace(".", ",") + " MB"; };
  var is_photo = function (f) { return f.type === "image/jpeg" || /^image\/(png|webp)$/.test(f.type) && f.size > MOST; };

  /* drawn anew a photo keeps its orientation and loses where it was taken; whatever fails, the original is sent */
  function small(file) {
    if (!is_photo(file)) return Promise.resolve(file);
    return new Promise(function (done) {
      var reader = new FileReader(), img = new Image();
      img.onerror = reader.onerror = function () { done(file); };
      img.onload = function () {
        try {
          var by = Math.min(1, SIDE / Math.max(img.naturalWidth, img.naturalHeight)), canvas = document.createElement("canvas");
          canvas.width = Math.round(img.naturalWidth * by); canvas.height = Math.round(img.naturalHeight * by);
          var pen = canvas.getContext("2d");
          pen.fillStyle = "#fff"; pen.fillRect(0, 0, canvas.width, canvas.height);
          pen.drawImage(img, 0, 0, canvas.width, canvas.height);
          (function attempt(i) {
            canvas.toBlob(function (blob) {
              if (!blob) return done(file);
              if (blob.size > MOST && i + 1 < QUALITIES.length) return attempt(i + 1);
              done(new File([blob], file.name.replace(/\.\w+$/, "") + ".jpg", { type: "image/jpeg", lastModified: file.lastModified }));
            }, "image/jpeg", QUALITIES[i]);
          })(0);
        } catch (e) { done(file); }
      };
      reader.onload = function () { img.src = reader.result; };
      reader.readAsDataURL(file);
    });
  }

  function watch(form, note) {
    var words = note.dataset, shrinking = Promise.resolve(), request = null;
    var say = function (text) { note.textContent = text; note.hidden = !text; };
    form.addEventListener("change", function (e) {
      var input = e.target, before = input.type === "file" ? Array.prototype.slice.call(input.files) : [];
      if (!before.some(is_photo)) return;
      shrinking = shrinking.then(function () { say(words.shrinking); return Promise.all(before.map(small)); }).then(function (after) {
        var held = new DataTransfer();
        after.forEach(function (f) { held.items.add(f); });
        input.files = held.files;
        say(after.map(function (f, i) { return f === before[i] ? "" : words.shrunk.replace("{name}", f.name).replace("{size}", size(f.size)); }).filter(Boolean).join(" · "));
      }).catch(function () { say(""); });
    });
    form.addEventListener("submit", function (e) {
      var chosen = Array.prototype.some.call(form.querySelectorAll("input[type=file]"), function (i) { return i.files.length; });
      if (e.defaultPrevented || !chosen) return;
      e.preventDefault();
      if (request) return;
      request = true;
      var button = e.submitter;
      if (button) button.setAttribute("aria-busy", "true");
      shrinking.then(function () { send(new FormData(form), 0); });

      function send(data, tried) {
        var again = function () { removeEventListener("online", again); clearTimeout(wait); send(data, tried + 1); }, wait;
        request = new XMLHttpRequest();
        request.open("POST", form.action);
        request.setRequestHeader("X-Upload", "1");
        request.upload.onprogress = function (p) { say(words.sending.replace("{share}", Math.floor(100 * p.loaded / p.total))); };
        request.onload = function () {
          if (request.status >= 502) return request.onerror();
          var at = request.getResponseHeader("X-Location");
          if (at) { location.assign(at); return; }
          document.open(); document.write(request.responseText); document.close();
        };
        request.onerror = function () {
          if (tried < PAUSES.length) { say(words.waiting); wait = setTimeout(again, 1000 * PAUSES[tried]); addEventListener("online", again); return; }
          request = null; say(words.cut);
          if (button) button.removeAttribute("aria-busy");
        };
        request.send(data);
      }
    });
  }
  document.querySelectorAll("[data-uploads]").forEach(function (note) { if (note.closest("form")) watch(note.closest("form"), note); });
})();
