(function () {
  var en = document.getElementById("lang-en"), ja = document.getElementById("lang-ja");
  var titles = { en: document.title, ja: document.querySelector("article.ja").dataset.title };
  function named() {
    var code = location.hash.slice(1, 3);
    if (code === "ja") ja.checked = true;
    if (code === "en") en.checked = true;
    told();
  }
  function told() {
    var code = ja.checked ? "ja" : "en";
    document.documentElement.lang = code;
    document.title = titles[code];
  }
  if (!location.hash && /^ja/i.test(navigator.language)) ja.checked = true;
  named();
  [en, ja].forEach(function (radio) { radio.addEventListener("change", told); });
  addEventListener("hashchange", named);
  addEventListener("beforeprint", function () {
    document.querySelectorAll("details").forEach(function (d) { d.open = true; });
  });
})();
